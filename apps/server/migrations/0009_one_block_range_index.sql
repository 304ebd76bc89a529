-- One index of block ranges for transactions and times: every row pays for each index it enters.

create index usage_events_by_xid_and_time on usage_events using brin (xid, occurred_at) with (pages_per_range = 32);
drop index usage_events_by_xid, usage_events_by_time;

drop function summarize_usage_events();

-- Keeps the index up with the table, so that a cursor reads new rows only. Only the owner may do that, hence
-- a function. Begins at `from_block` and returns the block to begin at next time; 0 looks everywhere.
create or replace function summarize_usage_events(from_block bigint) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  blocks bigint := pg_relation_size('usage_events') / current_setting('block_size')::bigint;
begin
  if from_block = 0 then
    perform brin_summarize_new_values('usage_events_by_xid_and_time');
  else -- whole ranges alone: a range that is still being filled would have to be widened by every insert
    perform brin_summarize_range('usage_events_by_xid_and_time', block)
    from generate_series(from_block, blocks - 32, 32) block;
  end if;
  return blocks / 32 * 32;
end
$$;
