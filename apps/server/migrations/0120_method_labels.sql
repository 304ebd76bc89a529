-- What people call a payment method, by the word of its provider. A provider's token tells nobody which card it is.

alter table payment_methods add column label text; -- like "Visa •••• 4242"; null: nobody has said
alter table payment_methods add column expires_on text check (expires_on ~ '^\d{4}-(0[1-9]|1[0-2])$'); -- the last month of a card
