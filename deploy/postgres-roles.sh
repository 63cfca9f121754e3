#!/bin/sh
# Makes the two roles and the database in the PostgreSQL container; run by its image once, when its volume is empty.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
	--set=owner_password="$DOJANG_OWNER_PASSWORD" --set=app_password="$DOJANG_APP_PASSWORD" <<'SQL'
CREATE ROLE dojang_owner LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE dojang_app LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'app_password';
CREATE DATABASE dojang OWNER dojang_owner;
REVOKE ALL ON DATABASE dojang FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE dojang TO dojang_app;
\connect dojang
CREATE EXTENSION pg_trgm;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO dojang_app;
SQL
