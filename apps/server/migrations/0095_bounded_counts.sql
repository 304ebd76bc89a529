-- Counts stay where JSON counts exactly, as all other sums of reports do: a hostile program could otherwise make of a record
-- of counts what nobody reads any more.
create or replace function add_counts(one jsonb, other jsonb) returns jsonb language sql immutable parallel safe as $$
  select coalesce(jsonb_object_agg(key, total), '{}')
  from (
    select key, least(sum(value::numeric), 9007199254740991) as total
    from (select * from jsonb_each_text(one) union all select * from jsonb_each_text(other)) as each
    group by key
  ) as summed
$$;
