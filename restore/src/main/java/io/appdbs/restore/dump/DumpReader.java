package io.appdbs.restore.dump;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.restore.program.ProgramRun;
import io.appdbs.restore.program.Programs;
import io.appdbs.restore.program.RestoreFailure;
import io.appdbs.restore.program.ServerVersion;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes dumps and reads their headers.
 *
 * @param programs the programs of servers
 */
public record DumpReader(Programs programs) {

	static final String POSTGRES_CLIENT = "Debian's package postgresql-client or Red Hat's postgresql";

	private static final int HEADER = 512;

	private static final int TAR_MAGIC = 257;

	private static final Pattern SERVER = Pattern.compile("(?m)^;\\s+Dumped from database version: (.+)$");

	private static final Pattern TOOL = Pattern.compile("(?m)^;\\s+Dumped by pg_dump version: (.+)$");

	private static final Pattern DATABASE = Pattern.compile("(?m)^;\\s+dbname: (.*)$");

	/**
	 * Reads the header of a dump, and a file with SQL to its end.
	 * @param path the file or folder
	 * @param database the database that the dump is restored into
	 * @return the dump
	 * @throws RestoreFailure if it is no dump, or not complete, or would leave the
	 * database
	 * @throws InterruptedException if the thread is interrupted
	 */
	public Dump read(Path path, String database) throws RestoreFailure, InterruptedException {
		try {
			if (Files.isDirectory(path)) {
				if (!Files.exists(path.resolve("toc.dat"))) {
					throw new RestoreFailure("The folder " + path + " has no toc.dat: it is not a dump of pg_dump."
							+ " Restore other folders with folder(…).");
				}
				return readArchive(path);
			}
			return readFile(path, database);
		}
		catch (IOException ex) {
			throw new RestoreFailure("The dump " + path + " cannot be read: " + describe(ex) + ".", ex);
		}
	}

	private static String describe(IOException ex) {
		return ex.getClass().getSimpleName() + ((ex.getMessage() != null) ? " " + ex.getMessage() : "");
	}

	private Dump readFile(Path path, String database) throws IOException, RestoreFailure, InterruptedException {
		byte[] header;
		try (InputStream stream = new SqlFile(path).open()) {
			header = stream.readNBytes(HEADER);
		}
		if (header.length == 0) {
			throw new RestoreFailure("The dump " + path + " is empty.");
		}
		String text = new String(header, StandardCharsets.ISO_8859_1);
		if (text.startsWith("PGDMP") || text.startsWith("ustar", TAR_MAGIC)) {
			return readArchive(path);
		}
		if (text.startsWith("\u006d\u00e2\u0099\u0081")) {
			throw new RestoreFailure("The dump " + path + " is an archive of mongodump, which cannot be verified.");
		}
		return new SqlDumpReader(path, database).read(text);
	}

	private Dump readArchive(Path path) throws RestoreFailure, InterruptedException {
		Path program = this.programs.findNewestPostgres("pg_restore", POSTGRES_CLIENT);
		String list = new ProgramRun(List.of(program.toString(), "--list", path.toAbsolutePath().toString()))
			.withoutEnvironment("PG")
			.run();
		String server = find(SERVER, list);
		String tool = find(TOOL, list);
		return new Dump(path, Dump.Format.POSTGRES_ARCHIVE,
				(server != null) ? ServerVersion.parse(ServerVersion.POSTGRESQL, server) : null, find(DATABASE, list),
				(tool != null) ? ServerVersion.parse(ServerVersion.POSTGRESQL, tool).major() : 0);
	}

	private static @Nullable String find(Pattern pattern, String text) {
		return Optional.of(pattern.matcher(text)).filter(Matcher::find).map((matcher) -> matcher.group(1)).orElse(null);
	}

}
