package io.appdbs.credentials;

import java.io.IOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsException;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.DatabaseState;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for providers of credentials that hang or throw.
 */
class CredentialsFaultTests extends AbstractCredentialsTests {

	private final AtomicReference<DatabaseCredentialsProvider> provider = new AtomicReference<>(
			(name) -> credentials("anna", 0));

	@Test
	void whileTheProviderHangsBorrowersGetConnectionsAndItIsCalledOnce() {
		CountDownLatch end = new CountDownLatch(1);
		AtomicInteger calls = new AtomicInteger();
		runner(this::ask, "app.dbs.orders.credentials.timeout=100ms").run((context) -> {
			this.provider.set((name) -> {
				calls.incrementAndGet();
				awaitUninterruptibly(end);
				return credentials("bert", 0);
			});
			Awaitility.await().until(() -> usage(context).failure() != null);
			assertThat(usage(context).failure()).isEqualTo("its credentials provider has not answered within 100 ms.");
			List<Future<String>> borrowers = new ArrayList<>();
			for (int i = 0; i < 32; i++) {
				borrowers.add(threads().submit(() -> currentUser(context)));
			}
			for (Future<String> borrower : borrowers) {
				assertThat(borrower.get()).isEqualTo("anna");
			}
			assertThatExceptionOfType(IllegalDatabaseOperationException.class)
				.isThrownBy(() -> context.getBean(DatabaseLifecycle.class).getOperations("orders").rotate())
				.withMessage(
						"The credentials of database 'orders' were not replaced: its credentials provider has not answered within 100 ms.");
			assertThat(calls).hasValue(1);
			assertThat(TestDatabases.threads("appdbs-credentials-orders")).hasSize(1);
			assertThat(TestDatabases.state(context)).isEqualTo(DatabaseState.UP);
			end.countDown();
			Awaitility.await().until(() -> usage(context).rotations() == 1);
			assertThat(usage(context).failure()).isNull();
		});
		Awaitility.await()
			.untilAsserted(() -> assertThat(TestDatabases.threads("appdbs-credentials-orders")).isEmpty());
	}

	@Test
	void whenTheApplicationIsClosedThenAProviderThatHangsIsInterrupted() {
		CountDownLatch never = new CountDownLatch(1);
		runner(this::ask, "app.dbs.orders.credentials.timeout=1h").run((context) -> {
			CountDownLatch asked = new CountDownLatch(1);
			this.provider.set((name) -> {
				asked.countDown();
				never.await();
				return null;
			});
			asked.await();
			assertThat(currentUser(context)).isEqualTo("anna");
		});
		Awaitility.await()
			.untilAsserted(() -> assertThat(TestDatabases.threads("appdbs-credentials-orders")).isEmpty());
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whenTheApplicationIsClosedDuringATrialThenNoFailureIsLogged(CapturedOutput output) throws Exception {
		try (TcpProxy proxy = new TcpProxy(serverUrl().replaceAll(".*//|/.*", ""))) {
			runner(this::ask, "app.dbs.orders.url=" + serverUrl().replaceFirst("//[^/]+", "//" + proxy.address()),
					"app.dbs.orders.health.abort-after=1h")
				.run((context) -> {
					assertThat(currentUser(context)).isEqualTo("anna");
					proxy.beSilent();
					this.provider.set((name) -> credentials("bert", 0));
					Awaitility.await().until(CredentialsFaultTests::isConnecting);
				});
			assertThat(output).doesNotContain("keeps its credentials");
		}
	}

	private static boolean isConnecting() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((thread) -> thread.getKey().getName().startsWith("appdbs-rotation-"))
			.flatMap((thread) -> Stream.of(thread.getValue()))
			.anyMatch((frame) -> frame.getClassName().endsWith(".JdbcConnections"));
	}

	@Test
	void whenTheProviderThrowsThenTheCredentialsInUseStayAndItsMessageIsNotShown() {
		runner(this::ask).run((context) -> {
			this.provider.set((name) -> {
				throw new IOException("no answer for s3cr3t-token");
			});
			Awaitility.await().until(() -> usage(context).failure() != null);
			assertThat(usage(context).failure())
				.isEqualTo("its credentials provider failed with a java.io.IOException.");
			assertThat(currentUser(context)).isEqualTo("anna");
			this.provider.set((name) -> {
				throw new DatabaseCredentialsException("the vault is sealed.", "Unseal it.", null);
			});
			Awaitility.await().until(() -> "the vault is sealed.".equals(usage(context).failure()));
			this.provider.set((name) -> credentials("bert", 0));
			Awaitility.await().until(() -> usage(context).rotations() == 1);
			assertThat(usage(context).failure()).isNull();
		});
	}

	@Test
	void whenTheProviderOfARequiredDatabaseThrowsThenTheApplicationDoesNotStart() {
		this.provider.set((name) -> {
			throw new IOException("no answer for s3cr3t-token");
		});
		runner(this::ask, "app.dbs.orders.startup.timeout=1ms").run((context) -> assertThat(text(context)).isEqualTo("""
				Database 'orders' could not be opened: its credentials provider failed with a java.io.IOException.
				Check the DatabaseCredentialsProvider of the database and the services that it uses."""));
	}

	@Test
	void whenTheProviderReportsThatThereAreNoneThenTheStartIsNotRetried() {
		this.provider.set((name) -> {
			throw new DatabaseCredentialsException("the vault has no entry 'orders'.", "Create the entry.", null);
		});
		runner(this::ask, "app.dbs.orders.startup.timeout=1h").run((context) -> assertThat(text(context)).isEqualTo("""
				Database 'orders' could not be opened: the vault has no entry 'orders'.
				Create the entry."""));
	}

	@Test
	void whenTheProviderRecoversThenTheStartContinues() {
		AtomicInteger calls = new AtomicInteger();
		this.provider.set((name) -> {
			if (calls.incrementAndGet() < 3) {
				throw new IOException("not yet");
			}
			return credentials("anna", 0);
		});
		runner(this::ask).run((context) -> assertThat(currentUser(context)).isEqualTo("anna"));
	}

	@Test
	void anOptionalDatabaseIsDownUntilThereAreCredentials() {
		this.provider.set((name) -> {
			throw new IOException("not yet");
		});
		runner(this::ask, "app.dbs.orders.required=false").run((context) -> {
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.DOWN);
			assertThat(TestDatabases.orders(context).getSnapshot().outage()).isNotNull()
				.satisfies((outage) -> assertThat(outage.reason())
					.isEqualTo("its credentials provider failed with a java.io.IOException."));
			assertThat(usage(context)).isNull();
			assertThatExceptionOfType(IllegalDatabaseOperationException.class)
				.isThrownBy(() -> context.getBean(DatabaseLifecycle.class).getOperations("orders").rotate())
				.withMessage(
						"The credentials of database 'orders' were not replaced: it has not connected yet; each connection attempt reads the current credentials.");
			this.provider.set((name) -> credentials("anna", 0));
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.UP);
			assertThat(currentUser(context)).isEqualTo("anna");
		});
	}

	@Test
	void whenThePasswordIsReplacedDuringTheStartThenTheProviderIsCalledAgain() {
		AtomicInteger calls = new AtomicInteger();
		this.provider.set((name) -> credentials("anna", (calls.incrementAndGet() == 1) ? 7 : 0));
		runner(this::ask, "app.dbs.orders.startup.timeout=1h")
			.run((context) -> assertThat(currentUser(context)).isEqualTo("anna"));
	}

	@Test
	void whenTheLoginIsNoLongerAcceptedThenTheDatabaseRecoversWithTheNextOne() {
		runner(this::ask, "app.dbs.orders.credentials.refresh-interval=1h").run((context) -> {
			try (Connection held = dataSource(context).getConnection()) {
				assertThat(currentUser(held)).isEqualTo("anna");
			}
			this.provider.set((name) -> credentials("bert", 0));
			setPassword("anna", "s3cr3t-other");
			query("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'anna'");
			Awaitility.await().until(() -> usage(context).rotations() == 1);
			Awaitility.await().ignoreExceptions().until(() -> currentUser(context).equals("bert"));
		});
	}

	private DatabaseCredentials ask(String name) throws Exception {
		return this.provider.get().getCredentials(name);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		while (true) {
			try {
				latch.await();
				return;
			}
			catch (InterruptedException ex) {
				// ignored on purpose
			}
		}
	}

	static String text(AssertableApplicationContext context) {
		FailureAnalysis analysis = FailureText.analyze(context.getStartupFailure());
		assertThat(analysis).isNotNull();
		return analysis.getDescription() + "\n" + analysis.getAction();
	}

}
