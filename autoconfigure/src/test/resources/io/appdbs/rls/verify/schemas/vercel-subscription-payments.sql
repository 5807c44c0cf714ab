-- about: Vercel, subscription payments: a public catalogue, own data, a private table.
-- source: https://github.com/vercel/nextjs-subscription-payments
-- licence: MIT (modelled on it and reduced)
-- settings: request.jwt.claims
-- role: authenticated
-- include: supabase
-- witness: {"sub":"00000000-0000-4000-8000-00000000000a","role":"authenticated"}
-- witness: {"sub":"00000000-0000-4000-8000-00000000000b","role":"authenticated"}
-- rows: INSERT INTO auth.users (id, email) VALUES ('00000000-0000-4000-8000-00000000000a', 'a@example.org'), ('00000000-0000-4000-8000-00000000000b', 'b@example.org')
-- rows: INSERT INTO products VALUES ('p1', true, 'one')
-- rows: INSERT INTO prices VALUES ('r1', 'p1', true, 100)
-- rows: INSERT INTO subscriptions (id, user_id, price_id) VALUES ('s1', '00000000-0000-4000-8000-00000000000a', 'r1'), ('s2', '00000000-0000-4000-8000-00000000000b', 'r1')
-- rows: INSERT INTO customers VALUES ('00000000-0000-4000-8000-00000000000b', 'c2')
-- expect: ERROR policy-visible-without-user table public.products
-- why: By intent: products and prices are public.
-- demonstrate: nobody, 1 row: SELECT FROM products
-- expect: ERROR policy-visible-without-user table public.prices
-- demonstrate: nobody, 1 row: SELECT FROM prices
-- tolerate: policy-visible-to-stranger table public.products
-- tolerate: policy-visible-to-stranger table public.prices
-- expect: WARN policy-missing table public.subscriptions
-- demonstrate: B, 1 row: SELECT FROM subscriptions
-- demonstrate: B, 0 rows: SELECT FROM subscriptions WHERE user_id = '00000000-0000-4000-8000-00000000000a'
-- demonstrate: B, 0 rows: DELETE FROM subscriptions
-- expect: WARN policy-missing table public.customers
-- why: Nobody may read it, by intent.
-- demonstrate: B, 0 rows: SELECT FROM customers
-- expect: WARN policy-missing table public.users
-- demonstrate: B, 0 rows: SELECT FROM users WHERE id = '00000000-0000-4000-8000-00000000000a'
-- demonstrate: B, 1 row: UPDATE users SET full_name = 'x'
-- demonstrate: B, error 42501: UPDATE users SET id = '00000000-0000-4000-8000-00000000000a'
-- expect: WARN policy-missing table public.products
-- expect: WARN policy-missing table public.prices
-- expect: ERROR truncate-granted table public.users
-- why: All rights on all tables of the schema public are granted by default.
-- demonstrate: nobody, 0 rows: TRUNCATE public.users CASCADE
-- expect: ERROR truncate-granted table public.customers
-- demonstrate: nobody, 0 rows: TRUNCATE public.customers CASCADE
-- expect: ERROR truncate-granted table public.products
-- demonstrate: nobody, 0 rows: TRUNCATE public.products CASCADE
-- expect: ERROR truncate-granted table public.prices
-- demonstrate: nobody, 0 rows: TRUNCATE public.prices CASCADE
-- expect: ERROR truncate-granted table public.subscriptions
-- demonstrate: nobody, 0 rows: TRUNCATE public.subscriptions CASCADE
-- tolerate: policy-evaluated-per-row, policy-reads-other-setting *
-- why: auth.uid() is called per row, and its body also reads request.jwt.claim.sub.

CREATE TABLE users (id uuid PRIMARY KEY REFERENCES auth.users, full_name text, billing_address jsonb, payment_method jsonb);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Can view own user." ON users FOR SELECT USING (auth.uid() = id);
CREATE POLICY "Can update own user." ON users FOR UPDATE USING (auth.uid() = id);
CREATE FUNCTION handle_new_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	INSERT INTO public.users (id, full_name) VALUES (NEW.id, NEW.raw_user_meta_data ->> 'full_name');
	RETURN NEW;
END $$;
CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION handle_new_user();

CREATE TABLE customers (id uuid PRIMARY KEY REFERENCES auth.users, stripe_customer_id text);
ALTER TABLE customers ENABLE ROW LEVEL SECURITY;

CREATE TABLE products (id text PRIMARY KEY, active boolean, name text, metadata jsonb);
ALTER TABLE products ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Public, read only." ON products FOR SELECT USING (true);
CREATE TABLE prices (id text PRIMARY KEY, product_id text REFERENCES products, active boolean, unit_amount bigint);
ALTER TABLE prices ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Public, read only." ON prices FOR SELECT USING (true);

CREATE TYPE subscription_status AS ENUM ('trialing', 'active', 'canceled', 'unpaid');
CREATE TABLE subscriptions (
	id text PRIMARY KEY,
	user_id uuid NOT NULL REFERENCES auth.users,
	status subscription_status,
	price_id text REFERENCES prices,
	created timestamptz NOT NULL DEFAULT now(),
	ended_at timestamptz
);
ALTER TABLE subscriptions ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Can view own subscriptions." ON subscriptions FOR SELECT USING (auth.uid() = user_id);
