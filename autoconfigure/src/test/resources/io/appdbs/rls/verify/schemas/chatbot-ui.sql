-- about: Chatbot UI: rows are shared with sharing <> 'private', also through other tables.
-- source: https://github.com/mckaywrigley/chatbot-ui
-- licence: MIT (modelled on it and reduced)
-- settings: request.jwt.claims
-- role: authenticated
-- include: supabase
-- include: supabase-storage
-- witness: {"sub":"00000000-0000-4000-8000-00000000000a","role":"authenticated"}
-- witness: {"sub":"00000000-0000-4000-8000-00000000000b","role":"authenticated"}
-- rows: INSERT INTO auth.users (id, email) VALUES ('00000000-0000-4000-8000-00000000000a', 'a@example.org'), ('00000000-0000-4000-8000-00000000000b', 'b@example.org')
-- rows: INSERT INTO workspaces (user_id, name, sharing) VALUES ('00000000-0000-4000-8000-00000000000a', 'w1', 'public'), ('00000000-0000-4000-8000-00000000000a', 'w2', 'private')
-- rows: INSERT INTO files (id, user_id, name) VALUES ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000a', 'f1')
-- rows: INSERT INTO chats (id, user_id, name, sharing) VALUES ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000a', 'c1', 'public'), ('00000000-0000-4000-8000-00000000000b', '00000000-0000-4000-8000-00000000000a', 'c2', 'private')
-- rows: INSERT INTO messages (chat_id, user_id, content) VALUES ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000a', 'm1'), ('00000000-0000-4000-8000-00000000000b', '00000000-0000-4000-8000-00000000000a', 'm2')
-- rows: INSERT INTO collections (id, user_id, name, sharing) VALUES ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000a', 'k1', 'public')
-- rows: INSERT INTO collection_files VALUES ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000a')
-- rows: INSERT INTO profiles (user_id, openai_api_key) VALUES ('00000000-0000-4000-8000-00000000000a', 'key')
-- rows: INSERT INTO storage.objects (bucket_id, name) VALUES ('profile_images', '00000000-0000-4000-8000-00000000000a/me.png'), ('files', '00000000-0000-4000-8000-00000000000a/00000000-0000-4000-8000-00000000000a')
-- expect: WARN policy-visible-without-user | WARN policy-visible-to-stranger table public.workspaces
-- why: By intent: only rows where sharing <> 'private', also without user.
-- demonstrate: B, 1 row: SELECT FROM workspaces
-- tolerate: policy-visible-without-user, policy-visible-to-stranger table public.workspaces
-- expect: WARN policy-visible-without-user | WARN policy-visible-to-stranger table public.files
-- why: The file is private itself, but in a collection that is not.
-- demonstrate: nobody, 1 row: SELECT FROM files
-- tolerate: policy-visible-without-user, policy-visible-to-stranger table public.files
-- expect: WARN policy-visible-without-user | WARN policy-visible-to-stranger table public.chats
-- demonstrate: nobody, 1 row: SELECT FROM chats
-- tolerate: policy-visible-without-user, policy-visible-to-stranger table public.chats
-- expect: WARN policy-visible-without-user | WARN policy-visible-to-stranger table public.messages
-- why: Only messages of chats that are not private.
-- demonstrate: B, 1 row: SELECT FROM messages
-- tolerate: policy-visible-without-user, policy-visible-to-stranger table public.messages
-- expect: WARN policy-visible-without-user | WARN policy-visible-to-stranger table public.collections
-- demonstrate: nobody, 1 row: SELECT FROM collections
-- tolerate: policy-visible-without-user, policy-visible-to-stranger table public.collections
-- expect: WARN policy-visible-without-user | WARN policy-visible-to-stranger table public.collection_files
-- why: Only those of collections that are not private.
-- demonstrate: nobody, 1 row: SELECT FROM collection_files
-- tolerate: policy-visible-without-user, policy-visible-to-stranger table public.collection_files
-- expect: WARN policy-visible-without-user | WARN policy-visible-to-stranger table storage.objects
-- why: By intent: only rows where bucket_id = 'profile_images'.
-- demonstrate: nobody, 1 row: SELECT FROM storage.objects
-- demonstrate: B, 0 rows: DELETE FROM storage.objects
-- tolerate: policy-visible-without-user, policy-visible-to-stranger, policy-never-true table storage.objects
-- expect: WARN policy-unproved table storage.objects
-- why: non_private_file_exists() decides for other buckets.
-- demonstrate: B, error 42501: INSERT INTO storage.objects (bucket_id, name) VALUES ('files', '00000000-0000-4000-8000-00000000000a/x')
-- demonstrate: B, 1 row: INSERT INTO storage.objects (bucket_id, name) VALUES ('files', '00000000-0000-4000-8000-00000000000b/x')
-- expect: WARN routine-bypasses-policies routine public.non_private_file_exists(text)
-- expect: ERROR truncate-granted table public.profiles
-- why: All rights on all tables of the schema public are granted by default.
-- demonstrate: nobody, 0 rows: TRUNCATE public.profiles CASCADE
-- expect: ERROR truncate-granted table public.workspaces
-- demonstrate: nobody, 0 rows: TRUNCATE public.workspaces CASCADE
-- expect: ERROR truncate-granted table public.folders
-- demonstrate: nobody, 0 rows: TRUNCATE public.folders CASCADE
-- expect: ERROR truncate-granted table public.files
-- demonstrate: nobody, 0 rows: TRUNCATE public.files CASCADE
-- expect: ERROR truncate-granted table public.chats
-- demonstrate: nobody, 0 rows: TRUNCATE public.chats CASCADE
-- expect: ERROR truncate-granted table public.messages
-- demonstrate: nobody, 0 rows: TRUNCATE public.messages CASCADE
-- expect: ERROR truncate-granted table public.collections
-- demonstrate: nobody, 0 rows: TRUNCATE public.collections CASCADE
-- expect: ERROR truncate-granted table public.collection_files
-- demonstrate: nobody, 0 rows: TRUNCATE public.collection_files CASCADE
-- expect: ERROR truncate-granted table storage.objects
-- demonstrate: nobody, 0 rows: TRUNCATE storage.objects CASCADE
-- tolerate: policy-evaluated-per-row, policy-reads-other-setting *
-- why: auth.uid() is called per row, and its body also reads request.jwt.claim.sub.

CREATE TABLE profiles (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL UNIQUE REFERENCES auth.users, has_onboarded boolean NOT NULL DEFAULT false, openai_api_key text);
CREATE TABLE workspaces (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES auth.users, sharing text NOT NULL DEFAULT 'private', name text NOT NULL);
CREATE TABLE folders (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES auth.users, workspace_id uuid NOT NULL REFERENCES workspaces, name text NOT NULL);
CREATE TABLE files (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES auth.users, folder_id uuid REFERENCES folders, sharing text NOT NULL DEFAULT 'private', name text NOT NULL);
CREATE TABLE chats (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES auth.users, sharing text NOT NULL DEFAULT 'private', name text NOT NULL);
CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), chat_id uuid NOT NULL REFERENCES chats, user_id uuid NOT NULL REFERENCES auth.users, content text NOT NULL);
CREATE TABLE collections (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES auth.users, sharing text NOT NULL DEFAULT 'private', name text NOT NULL);
CREATE TABLE collection_files (user_id uuid NOT NULL REFERENCES auth.users, collection_id uuid NOT NULL REFERENCES collections, file_id uuid NOT NULL REFERENCES files, PRIMARY KEY (collection_id, file_id));
DO $$
DECLARE name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['profiles', 'workspaces', 'folders', 'files', 'chats', 'messages', 'collections', 'collection_files'] LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY %I ON %I USING (user_id = auth.uid()) WITH CHECK (user_id = auth.uid())', 'Full access to own ' || name, name);
	END LOOP;
	FOREACH name IN ARRAY ARRAY['workspaces', 'files', 'chats', 'collections'] LOOP
		EXECUTE format('CREATE POLICY %I ON %I FOR SELECT USING (sharing <> %L)', 'View non-private ' || name, name, 'private');
	END LOOP;
END $$;
CREATE POLICY "View messages of non-private chats" ON messages FOR SELECT
	USING (chat_id IN (SELECT id FROM chats WHERE sharing <> 'private'));
CREATE POLICY "View files of non-private collections" ON collection_files FOR SELECT
	USING (collection_id IN (SELECT id FROM collections WHERE sharing <> 'private'));
CREATE POLICY "View files in non-private collections" ON files FOR SELECT USING (id IN (
	SELECT file_id FROM collection_files WHERE collection_id IN (SELECT id FROM collections WHERE sharing <> 'private')));

CREATE FUNCTION non_private_file_exists(asked text) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
	SELECT EXISTS (SELECT 1 FROM files WHERE id::text = (storage.foldername(asked))[2] AND sharing <> 'private') $$;
CREATE POLICY "Read profile images" ON storage.objects FOR SELECT USING (bucket_id = 'profile_images');
CREATE POLICY "Read non-private files" ON storage.objects FOR SELECT USING (bucket_id = 'files' AND non_private_file_exists(name));
CREATE POLICY "Insert own files" ON storage.objects FOR INSERT TO authenticated
	WITH CHECK (bucket_id = 'files' AND (storage.foldername(name))[1] = auth.uid()::text);
CREATE POLICY "Update own files" ON storage.objects FOR UPDATE TO authenticated
	USING (bucket_id = 'files' AND (storage.foldername(name))[1] = auth.uid()::text);
CREATE POLICY "Delete own files" ON storage.objects FOR DELETE TO authenticated
	USING (bucket_id = 'files' AND (storage.foldername(name))[1] = auth.uid()::text);
