CREATE TABLE invoice (id INTEGER PRIMARY KEY, note VARCHAR(20), created TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
CREATE INDEX invoice_created ON invoice (created DESC, id);
CREATE TABLE line (invoice_id INTEGER REFERENCES invoice, number INTEGER, PRIMARY KEY (invoice_id, number));
