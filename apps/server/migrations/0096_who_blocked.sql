-- Who has blocked, for those who ask them why. Null: it was not noted then.
alter table control_blocks add column actor_kind text, add column actor_id text;
