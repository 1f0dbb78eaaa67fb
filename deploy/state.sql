-- The first start of the Postgres that holds state: the nodes' database is there, the registry needs one of its own.
CREATE DATABASE registry;
