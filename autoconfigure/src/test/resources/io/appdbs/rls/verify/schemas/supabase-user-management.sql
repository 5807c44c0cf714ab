-- about: Supabase, "user management": public profiles, a bucket of avatars.
-- source: https://github.com/supabase/supabase/tree/master/examples/user-management
-- licence: Apache-2.0 (modelled on it and reduced)
-- settings: request.jwt.claims
-- role: authenticated
-- include: supabase
-- include: supabase-storage
-- witness: {"sub":"00000000-0000-4000-8000-00000000000a","role":"authenticated"}
-- witness: {"sub":"00000000-0000-4000-8000-00000000000b","role":"authenticated"}
-- rows: INSERT INTO auth.users (id, email) VALUES ('00000000-0000-4000-8000-00000000000a', 'a@example.org'), ('00000000-0000-4000-8000-00000000000b', 'b@example.org')
-- rows: INSERT INTO storage.objects (bucket_id, name, owner) VALUES ('avatars', 'a.png', '00000000-0000-4000-8000-00000000000a'), ('avatars', 'b.png', '00000000-0000-4000-8000-00000000000b'), ('letters', 'a.txt', '00000000-0000-4000-8000-00000000000a')
-- expect: ERROR policy-visible-without-user table public.profiles
-- why: By intent: profiles are public.
-- demonstrate: nobody, 2 rows: SELECT FROM profiles
-- tolerate: policy-visible-to-stranger table public.profiles
-- expect: WARN policy-visible-without-user | WARN policy-visible-to-stranger table storage.objects
-- why: By intent: only rows where bucket_id = 'avatars'.
-- demonstrate: nobody, 2 rows: SELECT FROM storage.objects
-- expect: WARN policy-writable-without-user | WARN policy-writable-for-stranger | ERROR policy-writable-without-user | ERROR policy-writable-for-stranger table storage.objects
-- why: Each upload may name any owner, also without user; only the bucket is checked.
-- demonstrate: B, 1 row: INSERT INTO storage.objects (bucket_id, name, owner) VALUES ('avatars', 'c.png', '00000000-0000-4000-8000-00000000000a')
-- demonstrate: nobody, 1 row: INSERT INTO storage.objects (bucket_id, name, owner) VALUES ('avatars', 'c.png', '00000000-0000-4000-8000-00000000000a')
-- expect: ERROR policy-gives-rows-away table storage.objects
-- why: The check of UPDATE asks for the bucket, not for the owner.
-- demonstrate: B, 1 row: UPDATE storage.objects SET owner = '00000000-0000-4000-8000-00000000000a' WHERE name = 'b.png'
-- tolerate: policy-visible-without-user, policy-visible-to-stranger, policy-writable-without-user, policy-writable-for-stranger table storage.objects
-- expect: WARN policy-missing table public.profiles
-- expect: WARN policy-missing table storage.objects
-- why: All commands are granted, some have no policy; they affect no row.
-- expect: ERROR truncate-granted table public.profiles
-- why: All rights on all tables of the schema public are granted by default.
-- demonstrate: nobody, 0 rows: TRUNCATE public.profiles CASCADE
-- expect: ERROR truncate-granted table storage.objects
-- demonstrate: nobody, 0 rows: TRUNCATE storage.objects CASCADE
-- tolerate: policy-evaluated-per-row, policy-reads-other-setting *
-- why: auth.uid() is called per row, and its body also reads request.jwt.claim.sub.

CREATE TABLE profiles (
	id uuid PRIMARY KEY REFERENCES auth.users,
	updated_at timestamptz,
	username text UNIQUE CHECK (char_length(username) >= 3),
	full_name text,
	avatar_url text
);
ALTER TABLE profiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Profiles are for everyone." ON profiles FOR SELECT USING (true);
CREATE POLICY "Insert own profile." ON profiles FOR INSERT WITH CHECK (auth.uid() = id);
CREATE POLICY "Update own profile." ON profiles FOR UPDATE USING (auth.uid() = id);
CREATE FUNCTION handle_new_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	INSERT INTO public.profiles (id, full_name) VALUES (NEW.id, NEW.raw_user_meta_data ->> 'full_name');
	RETURN NEW;
END $$;
CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION handle_new_user();

INSERT INTO storage.buckets (id, name) VALUES ('avatars', 'avatars');
CREATE POLICY "Avatars are for everyone." ON storage.objects FOR SELECT USING (bucket_id = 'avatars');
CREATE POLICY "Anyone uploads avatars." ON storage.objects FOR INSERT WITH CHECK (bucket_id = 'avatars');
CREATE POLICY "Update own avatar." ON storage.objects FOR UPDATE USING (auth.uid() = owner) WITH CHECK (bucket_id = 'avatars');
