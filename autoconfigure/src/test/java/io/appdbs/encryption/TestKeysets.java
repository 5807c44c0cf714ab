package io.appdbs.encryption;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Keysets for tests, created with the command of the starter.
 */
public final class TestKeysets {

	public static final String MASTER_KEY = "czNjcjN0LW1hc3Rlci1rZXktZm9yLXRlc3RzLTAwMDE=";

	public static final String OTHER_MASTER_KEY = "czNjcjN0LW1hc3Rlci1rZXktZm9yLXRlc3RzLTAwMDI=";

	private TestKeysets() {
	}

	/**
	 * Creates a keyset, and returns its location.
	 */
	public static String create(Path folder, String name) {
		run("create", folder.resolve(name).toString());
		return folder.resolve(name).toUri().toString();
	}

	/**
	 * Creates a keyset for blind indexes, and returns its location.
	 */
	public static String createIndex(Path folder, String name) {
		run("create-index", folder.resolve(name).toString());
		return folder.resolve(name).toUri().toString();
	}

	/**
	 * Adds a key, and makes it the primary one.
	 */
	public static void rotate(Path file) {
		List<String> added = run("add", file.toString());
		String id = added.get(added.size() - 1).split(" ")[0];
		run("promote", file.toString(), id);
	}

	/**
	 * Runs the command, and returns what it prints.
	 */
	public static List<String> run(String... args) {
		return runWith(MASTER_KEY, args);
	}

	static List<String> runWith(String masterKey, String... args) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try {
			new Keysets(masterKey, new PrintStream(out, true, StandardCharsets.UTF_8)).run(List.of(args));
		}
		catch (IllegalArgumentException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		return out.toString(StandardCharsets.UTF_8).lines().toList();
	}

}
