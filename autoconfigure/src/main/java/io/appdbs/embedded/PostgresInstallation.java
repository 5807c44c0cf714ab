package io.appdbs.embedded;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

import org.springframework.util.DigestUtils;

/**
 * The programs of PostgreSQL for this platform, and an empty cluster to copy.
 *
 * @param home the folder of the installation
 */
record PostgresInstallation(Path home) {

	static final String SUPERUSER = "postgres";

	private static final String TEMPLATE = "template";

	private static final int EXECUTABLE = 0100;

	/** Of the archive, which is the same as long as the JVM runs. */
	private static volatile @Nullable String checksum;

	static PostgresInstallation of(ServerFolder folder, ServerProgram program) throws Exception {
		String checksum = PostgresInstallation.checksum;
		if (checksum == null) {
			checksum = DigestUtils.md5DigestAsHex(readArchive());
			PostgresInstallation.checksum = checksum;
		}
		return new PostgresInstallation(folder.install("postgresql-" + checksum, (part) -> {
			extract(readArchive(), part);
			new PostgresInstallation(part).createTemplate(program);
		}));
	}

	private static byte[] readArchive() throws IOException {
		String architecture = System.getProperty("os.arch");
		try (InputStream archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(getSystem(),
				architecture.equals("amd64") ? "x86_64" : architecture)) {
			return archive.readAllBytes();
		}
		catch (IllegalStateException ex) {
			throw new IOException("no single PostgreSQL for " + getSystem() + " on " + architecture
					+ " is on the class path: add exactly one " + EmbeddedEngine.getPostgresBinaries() + " for it", ex);
		}
	}

	private static String getSystem() {
		String name = System.getProperty("os.name");
		return name.startsWith("Windows") ? "Windows" : name.startsWith("Mac") ? "Darwin" : name;
	}

	private static void extract(byte[] archive, Path folder) throws IOException {
		try (TarArchiveInputStream tar = new TarArchiveInputStream(
				new XZInputStream(new ByteArrayInputStream(archive)))) {
			for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
				Path path = folder.resolve(entry.getName()).normalize();
				if (!path.startsWith(folder)) {
					throw new IOException("the archive of PostgreSQL has a path outside of it: " + entry.getName());
				}
				extract(tar, entry, path);
			}
		}
	}

	private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
		if (entry.isDirectory()) {
			Files.createDirectories(path);
			return;
		}
		Files.createDirectories(path.resolveSibling(""));
		if (entry.isSymbolicLink()) {
			Files.createSymbolicLink(path, Paths.get(entry.getLinkName()));
			return;
		}
		Files.copy(tar, path);
		if ((entry.getMode() & EXECUTABLE) != 0 || path.resolveSibling("").endsWith("bin")) {
			path.toFile().setExecutable(true);
		}
	}

	private void createTemplate(ServerProgram program) throws IOException, InterruptedException {
		List<String> command = command("initdb", "-D", getTemplate().toString(), "-U", SUPERUSER, "-A", "trust", "-E",
				"UTF8", "--no-sync");
		if (getSystem().toLowerCase(Locale.ROOT).equals("linux")) {
			// the locale of the environment may not be installed
			command.add("--locale=C.UTF-8");
		}
		program.run(command);
	}

	/**
	 * Returns the data directory of an empty cluster.
	 */
	Path getTemplate() {
		return this.home.resolve(TEMPLATE);
	}

	/**
	 * Returns the command line of a program. PostgreSQL refuses to run as root, so root
	 * runs it in a user namespace as user nobody.
	 */
	List<String> command(String program, String... arguments) {
		List<String> command = new ArrayList<>();
		if (LinuxUtils.isUnshareAvailable()) {
			command.addAll(List.of("unshare", "-U"));
		}
		command
			.add(this.home.resolve("bin").resolve(program + (getSystem().equals("Windows") ? ".exe" : "")).toString());
		command.addAll(Arrays.asList(arguments));
		return command;
	}

}
