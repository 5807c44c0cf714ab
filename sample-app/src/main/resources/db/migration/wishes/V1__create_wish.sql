-- Whom statements run as: rls.role in application.yml. Roles belong to the server, not to one database.
DO $$
BEGIN
	CREATE ROLE shop_customer;
	GRANT shop_customer TO CURRENT_USER;
EXCEPTION
	-- another database of the server has it, or makes it at this moment
	WHEN duplicate_object OR unique_violation THEN NULL;
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
