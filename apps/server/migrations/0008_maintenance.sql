-- What only the owner of a table may do, and the program must.

-- Lets the block range indexes know the newest rows: a scan by transaction reads what they do not cover.
create function summarize_usage_events() returns void language sql security definer
set search_path = pg_catalog, public
as $$
  select brin_summarize_new_values('usage_events_by_xid'), brin_summarize_new_values('usage_events_by_time')
$$;

revoke execute on function summarize_usage_events() from public;
