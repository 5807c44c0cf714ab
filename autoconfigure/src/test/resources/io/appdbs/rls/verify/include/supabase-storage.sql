-- The two tables of Supabase's storage that policies are written for, reduced.
CREATE SCHEMA storage;
GRANT USAGE ON SCHEMA storage TO anon, authenticated, keeper;
CREATE TABLE storage.buckets (id text PRIMARY KEY, name text NOT NULL, public boolean DEFAULT false);
CREATE TABLE storage.objects (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), bucket_id text, name text, owner uuid, metadata jsonb);
ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY;
ALTER TABLE storage.buckets OWNER TO keeper;
ALTER TABLE storage.objects OWNER TO keeper;
GRANT ALL ON storage.objects TO anon, authenticated;
CREATE FUNCTION storage.foldername(name text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS
	$$ DECLARE parts text[] := string_to_array(name, '/'); BEGIN RETURN parts[1:array_length(parts, 1) - 1]; END $$;
