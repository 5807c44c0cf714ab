package io.appdbs.ssl;

import java.nio.file.Files;
import java.sql.Connection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.PoolUsage;
import io.appdbs.SslUsage;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.tls.CertificateFiles;
import org.awaitility.Awaitility;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Replaces the certificate of a client while threads borrow connections, and verifies
 * that each connection is replaced by one with the new certificate.
 */
final class RenewalUnderLoad {

	private static final int THREADS = 16;

	private final AbstractSslBundleTests tests;

	private final ApplicationContext context;

	private final Set<String> failures = ConcurrentHashMap.newKeySet();

	private final Set<String> sessions = ConcurrentHashMap.newKeySet();

	private final AtomicInteger borrows = new AtomicInteger();

	private final AtomicBoolean ended = new AtomicBoolean();

	RenewalUnderLoad(AbstractSslBundleTests tests, ApplicationContext context) {
		this.tests = tests;
		this.context = context;
	}

	void run() throws Exception {
		ConcurrentTasks.run(THREADS + 1, (thread) -> {
			if (thread < THREADS) {
				borrow();
				return null;
			}
			try {
				renew();
			}
			finally {
				this.ended.set(true);
			}
			return null;
		});
		assertThat(this.failures).isEmpty();
		assertThat(this.borrows).hasValueGreaterThan(1000);
	}

	private void borrow() {
		while (!this.ended.get()) {
			try (Connection connection = AbstractSslBundleTests.dataSource(this.context).getConnection()) {
				this.sessions.add(this.tests.session(connection));
				if (!this.tests.usesTls(connection)) {
					this.failures.add("no TLS");
				}
				this.borrows.incrementAndGet();
			}
			catch (Exception ex) {
				this.failures.add(ex.toString());
			}
		}
	}

	/**
	 * A good pair, half of the next one, a wrong one, garbage, and again a good one.
	 */
	private void renew() throws Exception {
		awaitBorrows();
		renewWith(issueNext());
		CertificateFiles next = issueNext();
		this.tests.files.replaceKeyWith(next);
		awaitFailure("the reloaded bundle cannot be used: the private key does not belong to the certificate of '"
				+ usage().certificate().subject() + "'");
		renewWith(next);
		long renewals = usage().renewals();
		this.tests.files.replaceWith(AbstractSslBundleTests.OTHER.issueForClient("app"));
		awaitFailure("the reloaded bundle does not work: ");
		Files.writeString(this.tests.files.certificate(), "garbage");
		awaitFailure("the reloaded bundle cannot be used: Missing certificates or unrecognized format");
		assertThat(usage().renewals()).isEqualTo(renewals);
		renewWith(issueNext());
		assertThat(this.context.getBean(Databases.class).get("orders").getState()).isEqualTo(DatabaseState.UP);
	}

	private void awaitFailure(String failure) {
		Awaitility.await().untilAsserted(() -> assertThat(usage().failure()).startsWith(failure));
		awaitBorrows();
	}

	/**
	 * With a full pool, only the renewal opens connections, with the next certificate.
	 */
	private CertificateFiles issueNext() throws Exception {
		Awaitility.await().until(() -> {
			PoolUsage pool = this.context.getBean(Databases.class).get("orders").getSnapshot().pool();
			return pool.active() + pool.idle() == AbstractSslBundleTests.POOL_SIZE;
		});
		return this.tests.issueNext();
	}

	private void renewWith(CertificateFiles certificate) throws Exception {
		Predicate<String> sessionsOfCertificate = this.tests.sessionsOf(certificate);
		Set<String> former = Set.copyOf(this.sessions);
		long renewals = usage().renewals();
		this.tests.files.replaceWith(certificate);
		Awaitility.await().until(() -> usage().renewals() > renewals && usage().failure() == null);
		Awaitility.await().untilAsserted(() -> {
			this.sessions.clear();
			awaitBorrows();
			assertThat(Set.copyOf(this.sessions)).doesNotContainAnyElementsOf(former).allMatch(sessionsOfCertificate);
		});
	}

	private void awaitBorrows() {
		int before = this.borrows.get();
		Awaitility.await().until(() -> !this.failures.isEmpty() || this.borrows.get() > before + 200);
		assertThat(this.failures).isEmpty();
	}

	private SslUsage usage() {
		return AbstractSslBundleTests.usage(this.context);
	}

}
