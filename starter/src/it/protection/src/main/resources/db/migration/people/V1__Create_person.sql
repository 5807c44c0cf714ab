CREATE TABLE person (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  iban text NOT NULL
);
GRANT SELECT, INSERT ON person TO people_app;
