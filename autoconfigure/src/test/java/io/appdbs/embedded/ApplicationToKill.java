package io.appdbs.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * An application in a separate JVM that starts a database and then waits to be killed.
 */
public final class ApplicationToKill implements AutoCloseable {

	private final Process process;

	private final String url;

	private ApplicationToKill(Process process, String url) {
		this.process = process;
		this.url = url;
	}

	static ApplicationToKill start(String url, String databaseName) throws IOException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), ApplicationToKill.class.getName(), url, databaseName)
			.redirectErrorStream(true)
			.start();
		BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
		StringBuilder read = new StringBuilder();
		for (String line = output.readLine(); line != null; line = output.readLine()) {
			if (line.startsWith("URL ")) {
				return new ApplicationToKill(process, line.substring(4));
			}
			read.append(line).append('\n');
		}
		throw new IllegalStateException("The application ended: " + read);
	}

	String getUrl() {
		return this.url;
	}

	long getPid() {
		return this.process.pid();
	}

	List<ProcessHandle> getServers() {
		return this.process.children().toList();
	}

	void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	void terminate() throws InterruptedException {
		this.process.destroy();
		this.process.waitFor();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	@SuppressWarnings("resource")
	public static void main(String[] args) throws InterruptedException {
		System.out.println("URL " + new EmbeddedServers(null).getUrl(args[0], args[1]));
		new CountDownLatch(1).await();
	}

}
