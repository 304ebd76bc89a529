-- What an overview asks on every look: the revenue of the last months, and the invoices that are still owed.

create index invoices_by_finalization on invoices (env_id, finalized_at) include (currency, total_minor, customer, id);
create index invoice_states_owed on invoice_states (env_id, invoice_id) where status in ('finalized', 'failed');
