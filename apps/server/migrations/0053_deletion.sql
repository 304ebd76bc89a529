-- An organization that its owner has deleted: closed at once, erased when the grace is over.
alter table organizations
  add column deleted_at timestamptz,
  add column erase_at   timestamptz,
  add constraint an_end_is_planned check ((deleted_at is null) = (erase_at is null));

create index organizations_to_erase on organizations (erase_at) where erase_at is not null;

-- Nothing is due in an environment whose clock has stopped.
alter table environment_clocks add column stopped boolean not null default false;

drop index environment_clocks_not_real;
create index environment_clocks_not_real on environment_clocks (env_id)
  where offset_ms <> 0 or target is not null or stopped;

-- History is refused to everybody but to `erase_some`, which the role of the program may call, and not imitate:
-- it may set the word, and still delete nothing from these tables.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('usageflow.erasing', true) = 'yes' then
    return null;
  end if;
  raise exception 'rows of % are never changed', tg_table_name using errcode = 'restrict_violation';
end
$$;

-- Deletes up to `batch` rows of one table of the organization, if its time has come, and says which table it was;
-- `organizations` when nothing was left but the organization itself, null when there is nothing to do.
-- Tables are tried from the youngest on, since a table refers to older ones; one whose rows others still refer to
-- is passed over, and comes when those are gone. A new table with an `env_id` is found without being named here.
create function erase_some(organization text, at timestamptz, batch integer) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  envs integer[];
  name text;
  gone bigint;
  most integer;
begin
  perform from organizations where id = organization and erase_at <= at for update skip locked;
  if not found then
    return null;
  end if;
  perform set_config('usageflow.erasing', 'yes', true); -- until the transaction ends, which this is all of
  select array_agg(env_id) into envs from environments where organization_id = organization;
  foreach most in array array[batch, null] loop -- all at once only where rows of one table refer to each other
    for name in
      select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'env_id'
        and not a.attisdropped and c.relname not in ('environments', 'audit_entries', 'subscription_terms')
      order by c.oid desc
    loop
      begin
        if name = 'subscriptions' then -- each refers to its present term, and the terms to it
          with picked as (select env_id, id from subscriptions where env_id = any(envs) limit most),
            terms as (delete from subscription_terms t using picked
              where t.env_id = picked.env_id and t.subscription_id = picked.id)
          delete from subscriptions s using picked where s.env_id = picked.env_id and s.id = picked.id;
        else
          execute format('delete from %1$I where ctid = any(array(
            select ctid from %1$I where env_id = any($1) limit $2))', name) using envs, most;
        end if;
        get diagnostics gone = row_count;
        if gone > 0 then
          return name;
        end if;
      exception when foreign_key_violation then
        null;
      end;
    end loop;
  end loop;
  foreach name in array array['audit_unsealed', 'audit_seals', 'audit_entries', 'invitations', 'members'] loop
    execute format('delete from %1$I where ctid = any(array(
      select ctid from %1$I where organization_id = $1 limit $2))', name) using organization, batch;
    get diagnostics gone = row_count;
    if gone > 0 then
      return name;
    end if;
  end loop;
  delete from environments where organization_id = organization;
  delete from organizations where id = organization;
  return 'organizations';
end
$$;

revoke all on function erase_some from public; -- whoever may work as the program is granted it
