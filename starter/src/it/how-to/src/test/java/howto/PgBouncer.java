package howto;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * PgBouncer with the configuration that the page prints, in front of the shared server.
 */
final class PgBouncer implements AutoCloseable {

	private final Process process;

	private final int port;

	PgBouncer(Path program, Path folder, String configuration, String users) throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			this.port = socket.getLocalPort();
		}
		Path userList = Files.writeString(folder.resolve("userlist.txt"), users);
		Path file = Files.writeString(folder.resolve("pgbouncer.ini"),
				replace(configuration, List.of("postgres.internal port=5432", "listen_port = 6432", "0.0.0.0",
						"/etc/pgbouncer/userlist.txt"),
						List.of("localhost port=" + Server.port(), "listen_port = " + this.port,
								"127.0.0.1\nunix_socket_dir =", userList.toString())));
		List<String> command = new ArrayList<>(List.of(program.toString()));
		if (System.getProperty("user.name").equals("root")) {
			// it refuses to run as root
			Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
			command.addAll(List.of("-u", "nobody"));
		}
		command.add(file.toString());
		this.process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(folder.resolve("pgbouncer.log").toFile())
			.start();
		try {
			Awaitility.await().ignoreExceptions().until(() -> {
				connect("").close();
				return true;
			});
		}
		catch (ConditionTimeoutException ex) {
			this.process.destroyForcibly();
			throw ex;
		}
	}

	static Optional<Path> find() {
		return Stream.of("/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer")
			.map(Path::of)
			.filter(Files::isExecutable)
			.findFirst();
	}

	private static String replace(String text, List<String> placeholders, List<String> values) {
		String result = text;
		for (int i = 0; i < values.size(); i++) {
			if (!result.contains(placeholders.get(i))) {
				throw new IllegalArgumentException("There is no '%s' in %s".formatted(placeholders.get(i), text));
			}
			result = result.replace(placeholders.get(i), values.get(i));
		}
		return result;
	}

	/**
	 * Opens a connection without the application.
	 */
	Connection connect(String parameters) throws SQLException {
		return DriverManager.getConnection(
				"jdbc:postgresql://" + address() + "/orders?prepareThreshold=0" + parameters, "orders_app", "change-me");
	}

	String address() {
		return "127.0.0.1:" + this.port;
	}

	@Override
	public void close() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

}
