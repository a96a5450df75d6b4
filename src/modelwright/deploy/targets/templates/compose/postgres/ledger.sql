-- Run once, when the database is made. Who writes the ledger is no superuser, and a superuser
-- enters from inside the container only: without a password none is let in by the network.
\set password `cat /run/secrets/ledger_password`
CREATE ROLE modelwright LOGIN PASSWORD :'password';
CREATE DATABASE modelwright OWNER modelwright;
ALTER ROLE postgres PASSWORD NULL;
