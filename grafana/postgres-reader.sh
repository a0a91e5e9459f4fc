# Run once by the postgres image, when it makes its database: a user for Grafana's datasource that may read and nothing else.
psql --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --set=ON_ERROR_STOP=1 --set=password="$GRAFANA_DATABASE_PASSWORD" <<'SQL'
create role grafana login password :'password';
grant pg_read_all_data to grafana;
SQL
