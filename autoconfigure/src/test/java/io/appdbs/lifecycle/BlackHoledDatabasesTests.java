package io.appdbs.lifecycle;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.testsupport.ActuatorApplication;
import io.appdbs.testsupport.ActuatorSecurity;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for health while every server accepts connections but never answers.
 */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BlackHoledDatabasesTests {

	private static final int DATABASES = 20;

	private static final int CALLS = 2000;

	private static final int CLIENTS = 4;

	private static final Pattern DATABASE_FRAME = Pattern
		.compile("(org\\.postgresql|org\\.mariadb|com\\.mongodb|com\\.zaxxer|io\\.appdbs\\.(jdbc|mongo))\\..*");

	@Test
	void noRequestWaitsForADatabase() throws Exception {
		ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
		try (BlackHole hole = new BlackHole();
				ActuatorApplication application = ActuatorApplication.run(WebApplicationType.SERVLET,
						ActuatorSecurity.Servlet.class, properties(hole));
				RequestThreads requestThreads = new RequestThreads()) {
			Databases databases = application.context().getBean(Databases.class);
			Awaitility.await().until(() -> databases.getCounts().down() == DATABASES);
			List<String> paths = paths(databases);
			List<Future<?>> calls = new ArrayList<>();
			for (int i = 0; i < CALLS; i++) {
				String path = paths.get(i % paths.size());
				calls.add(clients.submit(() -> assertThat(application.get(path).status()).isEqualTo(200)));
			}
			for (Future<?> call : calls) {
				call.get();
			}
			assertThat(requestThreads.samples.get()).isPositive();
			assertThat(requestThreads.inDatabases).isEmpty();
			assertThat(databases.stream()).allMatch((database) -> database.getState() == DatabaseState.DOWN);
			assertThat(ourThreads("appdbs-monitor-")).hasSizeLessThanOrEqualTo(16);
			// including the threads that open the databases, as none has been up, the one
			// that publishes the events, and two that check backups with a call each
			assertThat(ourThreads("appdbs-")).hasSizeLessThanOrEqualTo(16 + DATABASES + 1 + 2 * 2);
			// one attempt that is running, one that is being abandoned
			Awaitility.await().until(() -> hole.open.get() <= 2 * DATABASES);
			assertThat(hole.accepted.get()).isGreaterThan(DATABASES);
		}
		finally {
			clients.shutdownNow();
		}
	}

	private static List<String> paths(Databases databases) {
		List<String> paths = new ArrayList<>(List.of("/health", "/health/dbs", "/health/readiness", "/databases"));
		databases.forEach((database) -> paths.add("/health/dbs/" + database.getName()));
		return paths;
	}

	private static Set<String> ourThreads(String prefix) {
		Set<String> names = ConcurrentHashMap.newKeySet();
		Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith(prefix))
			.forEach(names::add);
		return names;
	}

	private static String[] properties(BlackHole hole) {
		List<String> properties = new ArrayList<>(List.of("management.endpoint.health.show-details=always",
				"management.endpoint.databases.show-values=always", "app.dbs-defaults.required=false",
				"app.dbs-defaults.health.interval=250ms", "app.dbs-defaults.health.timeout=250ms",
				"app.dbs-defaults.pool.connect-timeout=1s"));
		String[] schemes = { "postgresql", "mariadb", "mongodb", "postgresql" };
		for (int i = 0; i < DATABASES; i++) {
			properties.add("app.dbs.d%d.url=%s://127.0.0.1:%d/d%d".formatted(i, schemes[i % schemes.length],
					hole.server.getLocalPort(), i));
		}
		return properties.toArray(String[]::new);
	}

	/**
	 * Samples the stack traces of request threads.
	 */
	private static final class RequestThreads implements AutoCloseable {

		private final Set<String> inDatabases = ConcurrentHashMap.newKeySet();

		private final AtomicInteger samples = new AtomicInteger();

		private final Thread sampler = new Thread(this::sample, "sampler");

		RequestThreads() {
			this.sampler.start();
		}

		private void sample() {
			while (!Thread.currentThread().isInterrupted()) {
				Thread.getAllStackTraces().forEach((thread, frames) -> {
					if (thread.getName().startsWith("http-nio-")) {
						this.samples.incrementAndGet();
						Arrays.stream(frames)
							.map(StackTraceElement::toString)
							.filter((frame) -> DATABASE_FRAME.matcher(frame).matches())
							.forEach(this.inDatabases::add);
					}
				});
			}
		}

		@Override
		public void close() throws InterruptedException {
			this.sampler.interrupt();
			this.sampler.join();
		}

	}

	/**
	 * A server that accepts connections but never answers.
	 */
	private static final class BlackHole implements AutoCloseable {

		private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());

		private final AtomicInteger open = new AtomicInteger();

		private final AtomicInteger accepted = new AtomicInteger();

		BlackHole() throws IOException {
			daemon(this::acceptAll);
		}

		private void acceptAll() {
			try {
				while (true) {
					Socket socket = this.server.accept();
					this.accepted.incrementAndGet();
					this.open.incrementAndGet();
					daemon(() -> swallow(socket));
				}
			}
			catch (IOException ex) {
				// closed
			}
		}

		private void swallow(Socket socket) {
			try (socket) {
				socket.getInputStream().transferTo(OutputStream.nullOutputStream());
			}
			catch (IOException ex) {
				// reset
			}
			finally {
				this.open.decrementAndGet();
			}
		}

		private static void daemon(Runnable task) {
			Thread thread = new Thread(task, "black-hole");
			thread.setDaemon(true);
			thread.start();
		}

		@Override
		public void close() throws IOException {
			this.server.close();
		}

	}

}
