package io.appdbs.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A temporary data directory for a server whose programs are installed on the machine. As
 * with the embedded servers, the server is stopped and the directory is deleted when this
 * is closed or the JVM ends. If the JVM is killed, the next start of an embedded server
 * does that.
 */
public final class ScratchDirectory implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(ScratchDirectory.class);

	private final ServerFolder folder;

	private final Path data;

	private final StopOnExit stopOnExit = new StopOnExit(this::closeQuietly);

	private ScratchDirectory(ServerFolder folder, Path data) {
		this.folder = folder;
		this.data = data;
	}

	/**
	 * Creates an empty data directory that only the current user can read.
	 * @return the directory
	 * @throws IOException if it cannot be created
	 */
	public static ScratchDirectory open() throws IOException {
		ServerFolder folder = new ServerFolder("server", null);
		ScratchDirectory directory = new ScratchDirectory(folder, folder.open());
		directory.stopOnExit.register();
		return directory;
	}

	/**
	 * Returns the data directory.
	 * @return the absolute path
	 */
	public Path getData() {
		return this.data;
	}

	/**
	 * Returns a file beside the data directory, which is deleted with it.
	 * @param name the name of the file
	 * @return the absolute path
	 */
	public Path getFile(String name) {
		return this.data.resolveSibling(name);
	}

	/**
	 * Returns a port that is free.
	 * @return the port on the loopback address
	 * @throws IOException if there is none
	 * @see InetAddress#getLoopbackAddress()
	 */
	public int findFreePort() throws IOException {
		return ServerProgram.findFreePort();
	}

	/**
	 * Starts a server and waits until it accepts a connection.
	 * @param program the program of the server
	 * @param command the command, which starts the program with the data directory as an
	 * argument or as the value of an option
	 * @param timeout the maximum duration of the start
	 * @param attempt connects
	 * @throws IOException if the server ends or takes too long; the message contains the
	 * end of its output
	 * @throws InterruptedException if the thread is interrupted
	 */
	public void startServer(Path program, List<String> command, Duration timeout, ConnectionAttempt attempt)
			throws IOException, InterruptedException {
		Files.writeString(getFile(ServerProcesses.PROGRAMS), program.toRealPath().resolveSibling("").toString());
		new ServerProgram(this.folder.getLog(), Map.of()).startServer(command, timeout, () -> {
			attempt.attempt();
			return null;
		});
	}

	private void closeQuietly() {
		try {
			this.folder.close();
		}
		catch (IOException ex) {
			logger.warn("Could not delete " + this.data, ex);
		}
	}

	/**
	 * Stops the server and deletes the directory.
	 */
	@Override
	public void close() {
		closeQuietly();
		this.stopOnExit.unregister();
	}

	/**
	 * Connects to a server that may not accept connections yet.
	 */
	public interface ConnectionAttempt {

		/**
		 * Opens and closes a connection.
		 * @throws SQLException if the server accepts none
		 */
		void attempt() throws SQLException;

	}

}
