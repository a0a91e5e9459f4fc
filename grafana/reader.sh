# Makes Grafana's database user and gives it its rights and its password, GRAFANA_DATABASE_PASSWORD; psql finds the database by
# PGHOST, PGUSER, PGPASSWORD and PGDATABASE. For docker-compose.yml, where it runs after each migration.
set -eu
psql --set=ON_ERROR_STOP=1 --quiet --file="$(dirname "$0")/reader.sql"
psql --set=ON_ERROR_STOP=1 --quiet <<'SQL'
\getenv password GRAFANA_DATABASE_PASSWORD
alter role grafana password :'password';
SQL
