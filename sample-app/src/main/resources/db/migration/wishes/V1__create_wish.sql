-- Whom statements run as: rls.role in application.yml. Roles belong to the server, not to one database.
DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_customer') THEN
		CREATE ROLE shop_customer;
		GRANT shop_customer TO CURRENT_USER;
	END IF;
END
$$;

CREATE TABLE wish (
	customer varchar(60) NOT NULL DEFAULT NULLIF(current_setting('app.current_user_id', true), ''),
	product_id varchar(60) NOT NULL,
	added_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (customer, product_id)
);

ALTER TABLE wish ENABLE ROW LEVEL SECURITY;
ALTER TABLE wish FORCE ROW LEVEL SECURITY;

CREATE POLICY own ON wish
	USING (customer = (SELECT NULLIF(current_setting('app.current_user_id', true), '')))
	WITH CHECK (customer = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));

GRANT SELECT, INSERT, DELETE ON wish TO shop_customer;
