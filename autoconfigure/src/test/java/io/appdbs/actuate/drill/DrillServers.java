package io.appdbs.actuate.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.testsupport.TcpProxy;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Servers behind proxies, and the properties of an application that uses them.
 */
final class DrillServers implements AutoCloseable {

	private static final String POSTGRESQL = "embedded:postgresql";

	/** The databases; each fault has its own. */
	static final List<String> NAMES = List.of("reports", "payments", "audit", "stock", "stock-replica-1", "orders",
			"inventory", "billing", "catalog", "reviews");

	private final EmbeddedServers servers = new EmbeddedServers(null);

	private final Map<String, TcpProxy> proxies = new LinkedHashMap<>();

	private final List<String> properties = new ArrayList<>();

	private final Path folder;

	DrillServers(Path folder) throws IOException {
		this.folder = folder;
		for (String name : NAMES) {
			if (name.equals("stock-replica-1")) {
				String url = this.servers.getReplicaUrl(POSTGRESQL, "stock", 1);
				add("stock.replicas[0]", name, url);
			}
			else {
				add(name, name, this.servers.getUrl(name.equals("catalog") ? "embedded:mongodb" : POSTGRESQL, name));
			}
		}
		login("billing_1");
		administrator("billing").execute("create role billing_1 login");
		migration("selekt 1");
		administrator("payments").execute("create table account (balance int)");
		administrator("payments").execute("insert into account values (1)");
		proxy("reviews").refuse();
	}

	private void add(String key, String name, String url) throws IOException {
		TcpProxy proxy = new TcpProxy(url.replaceFirst(".*(?://|@)([^/@]+)/.*", "$1"));
		this.proxies.put(name, proxy);
		set(key + ".url", url.replaceFirst("(.*(?://|@))[^/@]+(/.*)", "$1" + proxy.address() + "$2"));
	}

	private void set(String key, Object value) {
		this.properties.add("app.dbs." + key + "=" + value);
	}

	TcpProxy proxy(String name) {
		return this.proxies.get(name);
	}

	/**
	 * Writes the username that the application reads.
	 */
	void login(String username) throws IOException {
		Files.writeString(this.folder.resolve("username"), username);
		Files.writeString(this.folder.resolve("password"), "secret");
	}

	/**
	 * Writes the migration of the database {@code reviews}.
	 */
	void migration(String sql) throws IOException {
		Files.createDirectories(this.folder.resolve("reviews"));
		Files.writeString(this.folder.resolve("reviews/V1__create.sql"), sql);
	}

	/**
	 * Returns a session of an administrator, which bypasses the proxy.
	 */
	JdbcTemplate administrator(String name) {
		String address = this.servers.getUrl(POSTGRESQL, name).replaceFirst(".*(?://|@)([^/@]+)/.*", "$1");
		return new JdbcTemplate(
				new DriverManagerDataSource("jdbc:postgresql://%s/%s?user=postgres".formatted(address, name)));
	}

	String[] properties() {
		set("billing.credentials.username-file", this.folder.resolve("username"));
		set("billing.credentials.password-file", this.folder.resolve("password"));
		this.properties.replaceAll((property) -> property.startsWith("app.dbs.billing.url=")
				? property.replaceFirst("//[^/@]*@", "//").replaceFirst("\\?.*", "") : property);
		set("inventory.pool.max-size", 2);
		set("inventory.pool.acquire-timeout", "1s");
		set("payments.retry.enabled", true);
		set("payments.retry.max-attempts", 3);
		set("audit.required", false);
		set("reviews.required", false);
		set("reviews.flyway.locations", "filesystem:" + this.folder.resolve("reviews"));
		this.properties.addAll(List.of("app.dbs-defaults.privileges.verify=off", "logging.level.root=info",
				"logging.level.io.appdbs=info", "management.endpoint.health.show-details=always",
				"management.endpoint.databases.access=unrestricted",
				"management.prometheus.metrics.export.enabled=true"));
		return this.properties.toArray(String[]::new);
	}

	@Override
	public void close() {
		this.proxies.values().forEach(TcpProxy::close);
		this.servers.close();
	}

}
