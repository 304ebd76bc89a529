-- The instant up to which all that was committed is counted. For statements of those who keep something until its usage is.
create function counted_up_to() returns timestamptz
language sql stable as $$
  select case when is_behind(position) then as_of else statement_timestamp() end from event_cursors where name = 'roll_up'
$$;
