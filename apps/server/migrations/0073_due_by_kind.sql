-- The next work of a kind is one step away, however much of another kind waits. With the time alone in the
-- index, a look for the kinds that had nothing to do read the whole backlog of the one that had, five times
-- a second.
create index due_by_kind on due (kind, at) where parked_at is null;
drop index due_by_time;
