package io.appdbs.actuate.page;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.actuate.DatabasesEndpointWebExtension;
import io.appdbs.actuate.page.PageClient.Answer;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.testsupport.ActuatorApplication;
import io.appdbs.testsupport.ActuatorSecurity;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the {@link DatabasesPageWebExtension} in applications.
 */
class DatabasesPageWebExtensionTests {

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private static final String JSON = "application/vnd.spring-boot.actuator.v3+json";

	private static final String HTML = "text/html;charset=UTF-8";

	private static final String SHOWN = "management.endpoint.databases.show-values=always";

	private static String url;

	@BeforeAll
	static void startServer() {
		url = servers.getUrl("embedded:postgresql", "orders");
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void onlyBrowsersGetThePage(WebApplicationType type) {
		try (ActuatorApplication application = run(type)) {
			PageClient client = PageClient.of(application);
			for (String path : List.of("/actuator/databases", "/actuator/databases/orders")) {
				assertThat(types(client, path, PageClient.BROWSER, "text/html")).containsOnly(HTML);
				assertThat(types(client, path, null, "*/*", "text/css,*/*;q=0.1", JSON)).containsOnly(JSON);
				assertThat(types(client, path, "application/json")).containsOnly("application/json");
				assertThat(client.get(path, "text/plain").status()).isEqualTo(406);
			}
			assertThat(client.get("/actuator/databases/orders/size", PageClient.BROWSER).body()).startsWith("{");
		}
	}

	private static List<String> types(PageClient client, String path, String... accepted) {
		List<String> types = new ArrayList<>();
		for (String accept : accepted) {
			Answer answer = client.get(path, accept);
			assertThat(answer.status()).isEqualTo(200);
			types.add(answer.type());
		}
		return types;
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void thePageShowsWhatIsWrongAndWhatToDo(WebApplicationType type) {
		try (ActuatorApplication application = run(type, SHOWN)) {
			PageClient client = PageClient.of(application);
			String all = client.get("/actuator/databases", PageClient.BROWSER).body();
			assertThat(all).contains("<title>1 down – Databases</title>", "Of 2 databases: 1 down (reviews), 1 up.",
					"<p class=\"reason\">The connection was refused, no server listens there. The driver says: ",
					"<b>To do: </b>Start the server, or correct host and port in &#39;app.dbs.reviews.url&#39;.",
					"<b>Next: </b>AppDBs tries again ");
			assertThat(all.indexOf(">reviews</a>")).isLessThan(all.indexOf(">orders</a>"));
			String reviews = client.get("/actuator/databases/reviews", PageClient.BROWSER).body();
			assertThat(reviews).contains("<title>Down – reviews</title>", "<small>optional</small>",
					"<b>STARTING → DOWN</b><p class=\"reason\">The connection was refused");
			String orders = client.get("/actuator/databases/orders", PageClient.BROWSER).body();
			assertThat(orders).contains("<title>Database orders</title>", "<dd>PostgreSQL 18", "of 3 in use",
					"<b>STARTING → UP</b>");
			assertThat(orders).doesNotContain("class=\"reason\"", "curl");
			assertThat(client.get("/actuator/databases/orders", null).body()).doesNotContain("STARTING", "changes",
					"action");
			Answer unknown = client.get("/actuator/databases/order", PageClient.BROWSER);
			assertThat(unknown.status()).isEqualTo(404);
			assertThat(unknown.body()).contains("No database named &#39;order&#39;. Known: ");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void valuesAreMaskedAsInTheJson(WebApplicationType type) {
		try (ActuatorApplication application = run(type, "management.endpoint.databases.show-values=when-authorized",
				"management.endpoint.databases.roles=OPERATOR")) {
			PageClient client = PageClient.of(application);
			for (String path : List.of("/actuator/databases", "/actuator/databases/reviews")) {
				String page = client.getAs("guest", path, PageClient.BROWSER).body();
				assertThat(page).contains("<p class=\"reason\">******</p>", "<b>To do: </b>******");
				assertThat(page).doesNotContain("refused", "127.0.0.1");
				assertThat(client.getAs("operator", path, PageClient.BROWSER).body()).contains("refused");
			}
			assertThat(client.getAs("guest", "/actuator/databases/orders", PageClient.BROWSER).body())
				.contains("<dt>Host</dt><dd>******</dd>");
		}
	}

	@Test
	void strangersGetNoPageAndNoAsset() {
		try (ActuatorApplication application = ActuatorApplication.run(WebApplicationType.SERVLET,
				ActuatorSecurity.Default.class, properties(SHOWN))) {
			PageClient client = PageClient.of(application);
			for (String path : List.of("", "/orders", "/page.css")) {
				// a browser is sent to the log-in page, others get 401
				assertThat(client.get("/actuator/databases" + path, "*/*").status()).isEqualTo(401);
				assertThat(client.get("/actuator/databases" + path, PageClient.BROWSER).status()).isEqualTo(302);
				assertThat(client.getAs("user", "/actuator/databases" + path, "*/*").status()).isEqualTo(200);
			}
		}
	}

	@Test
	void aMessageOfADriverIsText() {
		try (ActuatorApplication application = run(WebApplicationType.SERVLET, SHOWN,
				"app.dbs.scripted.url=" + url.replace("/orders", "/%3Cscript%3Ealert(1)"),
				"app.dbs.scripted.required=false")) {
			PageClient client = PageClient.of(application);
			assertThat(client.get("/actuator/databases/scripted", "application/json").body())
				.contains("database \\\"<script>alert(1)\\\" does not exist");
			for (String path : List.of("/actuator/databases", "/actuator/databases/scripted")) {
				assertThat(client.get(path, PageClient.BROWSER).body())
					.contains("database &quot;&lt;script&gt;alert(1)&quot; does not exist")
					.doesNotContain("<script>");
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void assetsAreServedAndNamesWithADotAreNoDatabases(WebApplicationType type) {
		try (ActuatorApplication application = run(type)) {
			PageClient client = PageClient.of(application);
			assertThat(client.get("/actuator/databases/page.css", "text/css,*/*;q=0.1").type())
				.isEqualTo("text/css;charset=UTF-8");
			assertThat(client.get("/actuator/databases/page.js", "*/*").type())
				.isEqualTo("text/javascript;charset=UTF-8");
			Answer icon = client.get("/actuator/databases/page.svg", "image/avif,image/webp,*/*;q=0.8");
			assertThat(icon.type()).isEqualTo("image/svg+xml;charset=UTF-8");
			assertThat(icon.body()).startsWith("<svg ");
			for (String accept : List.of("*/*", PageClient.BROWSER)) {
				assertThat(client.get("/actuator/databases/page.txt", accept).status()).isEqualTo(404);
			}
			assertThat(client.get("/actuator/databases/page.css", PageClient.BROWSER).status()).isEqualTo(404);
		}
	}

	@ParameterizedTest
	@CsvSource(nullValues = "none", textBlock = """
			SERVLET, server.servlet.context-path=/shop, none, /shop/actuator/databases
			REACTIVE, spring.webflux.base-path=/shop, none, /shop/actuator/databases
			SERVLET, management.endpoints.web.base-path=/, none, /databases
			SERVLET, management.endpoints.web.path-mapping.databases=dbs/the state, none, /actuator/dbs/the%20state
			SERVLET, management.server.port=0, management.server.base-path=/ops, /ops/actuator/databases
			REACTIVE, management.endpoints.web.base-path=/, none, /databases""")
	void linksHoldUnderEachPath(WebApplicationType type, String setting, String further, String path) {
		try (ActuatorApplication application = (further != null) ? run(type, setting, further) : run(type, setting)) {
			PageClient client = new PageClient(application,
					setting.startsWith("management.server.port") ? "local.management.port" : "local.server.port");
			assertLinks(client, client.get(path, PageClient.BROWSER), path);
			assertLinks(client, client.get(path + "/orders", PageClient.BROWSER), path);
		}
	}

	/**
	 * Follows all links, also as they are behind a proxy that adds a prefix.
	 */
	private static void assertLinks(PageClient client, Answer page, String path) {
		assertThat(page.status()).isEqualTo(200);
		assertThat(page.links()).hasSizeGreaterThanOrEqualTo(4).allSatisfy((link) -> {
			assertThat(link.getRawPath()).startsWith(path);
			assertThat(client.get(link, "*/*", null).status()).isEqualTo(200);
		});
		URI behindProxy = client.resolve("/prefix" + page.uri().getRawPath());
		assertThat(new Answer(behindProxy, page.status(), page.type(), page.body()).links())
			.allSatisfy((link) -> assertThat(link.getRawPath()).startsWith("/prefix" + path));
	}

	@Test
	void commandsAreShownWhereAccessIsUnrestricted() {
		try (ActuatorApplication application = run(WebApplicationType.SERVLET,
				"management.endpoint.databases.access=unrestricted")) {
			PageClient client = PageClient.of(application);
			assertThat(client.get("/actuator/databases/orders", PageClient.BROWSER).body()).contains(
					"{&quot;operation&quot;: &quot;suspend&quot;}",
					"{&quot;operation&quot;: &quot;set-maximum-pool-size&quot;, &quot;maximum&quot;: 3}");
			application.post("/databases/orders", "{\"operation\":\"suspend\",\"drainTimeout\":\"1s\"}");
			assertThat(client.get("/actuator/databases/orders", PageClient.BROWSER).body()).contains("SUSPENDED",
					"An operator has suspended it", "{&quot;operation&quot;: &quot;resume&quot;}");
		}
	}

	@Test
	void whenDisabledBrowsersGetJson() {
		try (ActuatorApplication application = run(WebApplicationType.SERVLET,
				"management.endpoint.databases.page.enabled=false")) {
			PageClient client = PageClient.of(application);
			assertThat(client.get("/actuator/databases", PageClient.BROWSER).type()).isEqualTo(JSON);
			assertThat(client.get("/actuator/databases/page.css", "*/*").status()).isEqualTo(404);
			assertThat(application.context().getBean(DatabasesEndpointWebExtension.class))
				.isNotInstanceOf(DatabasesPageWebExtension.class);
		}
	}

	@Test
	void readingThePageAsksNoDatabase() {
		try (ActuatorApplication application = run(WebApplicationType.SERVLET, "app.dbs.orders.health.interval=1h")) {
			PageClient client = PageClient.of(application);
			Awaitility.await().until(() -> application.get("/databases/orders").at("statistics.probes") != null);
			Object before = application.get("/databases/orders").at("statistics");
			Object started = application.get("/databases/orders").at("responseTime");
			for (int i = 0; i < 20; i++) {
				client.get("/actuator/databases", PageClient.BROWSER);
				client.get("/actuator/databases/orders", PageClient.BROWSER);
			}
			assertThat(application.get("/databases/orders").at("statistics")).isEqualTo(before);
			assertThat(application.get("/databases/orders").at("responseTime")).isEqualTo(started);
			assertThat(application.get("/databases/orders").at("pool.active")).isEqualTo(0);
		}
	}

	private static ActuatorApplication run(WebApplicationType type, String... properties) {
		Class<?> security = (type == WebApplicationType.SERVLET) ? ActuatorSecurity.Servlet.class
				: ActuatorSecurity.Reactive.class;
		return ActuatorApplication.run(type, security, properties(properties));
	}

	private static String[] properties(String... further) {
		List<String> properties = new ArrayList<>(List.of("app.dbs.orders.url=" + url, "app.dbs.orders.pool.max-size=3",
				"app.dbs.orders.privileges.verify=off", "app.dbs.reviews.url=postgresql://127.0.0.1:1/reviews",
				"app.dbs.reviews.required=false"));
		properties.addAll(List.of(further));
		return properties.toArray(String[]::new);
	}

}
