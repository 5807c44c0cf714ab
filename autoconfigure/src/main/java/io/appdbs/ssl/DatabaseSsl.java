package io.appdbs.ssl;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;

import io.appdbs.SslUsage;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.security.SslSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * The SSL bundle of one database: the certificates in use, and their replacement when the
 * bundle is reloaded.
 */
public final class DatabaseSsl implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(DatabaseSsl.class);

	/** Several application contexts can have databases of the same name. */
	private static final AtomicLong COUNTER = new AtomicLong();

	private static final String TRIAL = "#trial";

	private final String name;

	private final Engine engine;

	private final SslSettings settings;

	private final String bundle;

	private final String key;

	private final BundleUpdates updates = new BundleUpdates();

	private volatile SslMaterial material;

	private volatile State state = new State(Instant.now(), 0, null);

	private @Nullable SslRenewal renewal;

	private boolean closed;

	private DatabaseSsl(DatabaseDefinition definition, String bundle, SslMaterial material) {
		this.name = definition.name();
		this.engine = definition.engine();
		this.settings = definition.settings().ssl();
		this.bundle = bundle;
		this.key = this.name + "-" + COUNTER.incrementAndGet();
		this.material = material;
	}

	/**
	 * Reads the bundle of a database and registers its certificates.
	 * @param definition the database, which has a bundle
	 * @param bundles the bundles
	 * @return the bundle of the database, to be closed
	 * @throws org.springframework.boot.ssl.NoSuchSslBundleException if there is no such
	 * bundle
	 * @throws UnusableBundleException if the bundle cannot be read
	 */
	public static DatabaseSsl open(DatabaseDefinition definition, SslBundles bundles) {
		SslSettings settings = definition.settings().ssl();
		String bundle = String.valueOf(settings.bundle());
		SslMaterial material = read(bundles.getBundle(bundle), settings);
		DatabaseSsl ssl = new DatabaseSsl(definition, bundle, material);
		SslContexts.put(ssl.key, material);
		bundles.addBundleUpdateHandler(bundle, ssl.updates);
		return ssl;
	}

	private static SslMaterial read(SslBundle bundle, SslSettings settings) {
		return SslMaterial.of(bundle, settings.verify() == SslSettings.Verify.FULL);
	}

	/**
	 * Returns connection details with which the driver uses the certificates.
	 * @param details where the connection goes
	 * @return a copy with further properties
	 */
	public DatabaseConnectionDetails apply(DatabaseConnectionDetails details) {
		return details.withProperties(getProperties(this.key));
	}

	private Map<String, String> getProperties(String key) {
		return this.engine.getSslProperties(key, this.settings.verify() == SslSettings.Verify.FULL);
	}

	/**
	 * Returns a context that follows the certificates in use.
	 * @return the context, for a driver that keeps it
	 */
	public SSLContext createContext() {
		return createContext(this.key);
	}

	/**
	 * Returns a context that follows the certificates of a key.
	 * @param key the key, which {@link Engine#getSslProperties} was given
	 * @return the context, for a driver that keeps it
	 */
	public static SSLContext createContext(String key) {
		return new FollowingSslContext(() -> SslContexts.get(key));
	}

	/**
	 * Replaces the certificates when the bundle is reloaded, from now on.
	 * @param replacement tries and replaces the certificates
	 */
	public synchronized void begin(Replacement replacement) {
		if (!this.closed && this.renewal == null) {
			SslRenewal renewal = new SslRenewal(this.name, (bundle) -> renew(bundle, replacement), this::failed);
			this.renewal = renewal;
			this.updates.follow(renewal::offer);
		}
	}

	private void renew(SslBundle bundle, Replacement replacement) throws Exception {
		SslMaterial newer = read(bundle, this.settings);
		String trial = this.key + TRIAL;
		SslContexts.put(trial, newer);
		try {
			replacement.replace(getProperties(trial), () -> use(newer));
		}
		finally {
			SslContexts.remove(trial);
		}
		State former = this.state;
		this.state = new State(Instant.now(), former.renewals() + 1, null);
		SslUsage.Certificate certificate = newer.getCertificate();
		logger.info("Database '%s' uses the reloaded SSL bundle '%s'%s".formatted(this.name, this.bundle,
				(certificate != null) ? ", whose certificate is valid until " + certificate.notAfter() : ""));
	}

	private synchronized void use(SslMaterial newer) {
		if (this.closed) {
			throw new IllegalStateException("the application was closed meanwhile");
		}
		this.material = newer;
		SslContexts.put(this.key, newer);
	}

	private void failed(Exception failure) {
		String reason = (failure instanceof UnusableBundleException)
				? "the reloaded bundle cannot be used: " + failure.getMessage()
				: "the reloaded bundle does not work: " + this.engine.classify(failure).describe(failure);
		State former = this.state;
		if (isClosed() || reason.equals(former.failure())) {
			return;
		}
		this.state = new State(former.since(), former.renewals(), reason);
		logger.warn("Database '%s' still uses the former certificates of the SSL bundle '%s': %s".formatted(this.name,
				this.bundle, reason));
	}

	private synchronized boolean isClosed() {
		return this.closed;
	}

	/**
	 * Returns the usage of the bundle.
	 * @return the usage, without accessing the database
	 */
	public SslUsage getUsage() {
		State state = this.state;
		return new SslUsage(this.bundle, this.settings.verify().name().toLowerCase(Locale.ROOT), state.since(),
				state.renewals(), this.material.getCertificate(), state.failure());
	}

	/**
	 * Ends the replacement and removes the certificates. A connection that is being tried
	 * is abandoned.
	 */
	@Override
	public void close() {
		SslRenewal renewal;
		synchronized (this) {
			this.closed = true;
			renewal = this.renewal;
		}
		this.updates.end();
		if (renewal != null) {
			renewal.close();
		}
		SslContexts.remove(this.key);
	}

	/**
	 * Replaces the certificates of a database.
	 */
	@FunctionalInterface
	public interface Replacement {

		/**
		 * Tries newer certificates, then uses them and replaces the connections.
		 * @param properties the properties of the driver with which a connection uses the
		 * newer certificates
		 * @param use makes new connections use the newer certificates
		 * @throws Exception if the server did not accept them; nothing has changed then
		 */
		void replace(Map<String, String> properties, Runnable use) throws Exception;

	}

	/**
	 * The state of the replacement.
	 *
	 * @param since time since which the certificates have been in use
	 * @param renewals number of replacements
	 * @param failure why newer ones are not in use or {@code null}
	 */
	private record State(Instant since, long renewals, @Nullable String failure) {

	}

	/**
	 * Receives the reloaded bundles. Spring Boot cannot remove a handler, so this one
	 * refers to nothing after the end.
	 */
	private static final class BundleUpdates implements Consumer<SslBundle> {

		private @Nullable Consumer<SslBundle> target;

		/** A bundle that was reloaded before anything followed. */
		private @Nullable SslBundle early;

		private boolean ended;

		@Override
		public void accept(SslBundle bundle) {
			Consumer<SslBundle> target;
			synchronized (this) {
				target = this.target;
				this.early = (target == null && !this.ended) ? bundle : null;
			}
			if (target != null) {
				target.accept(bundle);
			}
		}

		synchronized void follow(Consumer<SslBundle> target) {
			SslBundle early = this.early;
			this.early = null;
			this.target = target;
			if (early != null) {
				target.accept(early);
			}
		}

		synchronized void end() {
			this.ended = true;
			this.target = null;
			this.early = null;
		}

	}

}
