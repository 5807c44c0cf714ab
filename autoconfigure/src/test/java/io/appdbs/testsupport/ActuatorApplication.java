package io.appdbs.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.AuditEventRepository;
import org.springframework.boot.actuate.audit.InMemoryAuditEventRepository;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * An application with a web server, the actuator and Spring Security, and its client.
 */
public final class ActuatorApplication implements AutoCloseable {

	private static final Configuration LENIENT = Configuration.builder().options(Option.SUPPRESS_EXCEPTIONS).build();

	public static final String EXCLUDED = String.join(",",
			"org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration",
			"org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
			"org.springframework.boot.mongodb.autoconfigure.MongoAutoConfiguration",
			"org.springframework.boot.mongodb.autoconfigure.MongoReactiveAutoConfiguration",
			"org.springframework.boot.data.mongodb.autoconfigure.DataMongoAutoConfiguration",
			"org.springframework.boot.data.mongodb.autoconfigure.DataMongoReactiveAutoConfiguration",
			"org.springframework.boot.data.mongodb.autoconfigure.DataMongoRepositoriesAutoConfiguration",
			"org.springframework.boot.data.mongodb.autoconfigure.DataMongoReactiveRepositoriesAutoConfiguration");

	private final ConfigurableApplicationContext context;

	private final HttpClient client = HttpClient.newHttpClient();

	private ActuatorApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Starts an application.
	 * @param type the kind of web server
	 * @param security the configuration of Spring Security
	 * @param properties further properties as {@code key=value}
	 */
	public static ActuatorApplication run(WebApplicationType type, Class<?> security, String... properties) {
		SpringApplication application = new SpringApplication(Application.class, security);
		application.setWebApplicationType(type);
		application.setRegisterShutdownHook(false);
		List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--spring.main.banner-mode=off",
				"--spring.autoconfigure.exclude=" + EXCLUDED, "--management.endpoints.web.exposure.include=*",
				"--spring.security.user.password=secret", "--spring.flyway.enabled=false",
				"--spring.liquibase.enabled=false", "--spring.data.jdbc.repositories.enabled=false"));
		for (String property : properties) {
			arguments.add("--" + property);
		}
		return new ActuatorApplication(application.run(arguments.toArray(String[]::new)));
	}

	public ConfigurableApplicationContext context() {
		return this.context;
	}

	public Response get(String path) {
		return send(request(path).GET());
	}

	public Response getHtml(String path) {
		return send(request(path).GET().header("Accept", "text/html"));
	}

	public Response getAs(String user, String path) {
		return send(request(path).GET().header("Authorization", basic(user)));
	}

	public Response post(String path, String body) {
		return send(request(path).header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body)));
	}

	public Response postAs(String user, String path, String body) {
		return send(request(path).header("Content-Type", "application/json")
			.header("Authorization", basic(user))
			.POST(HttpRequest.BodyPublishers.ofString(body)));
	}

	private static String basic(String user) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
	}

	private HttpRequest.Builder request(String path) {
		String port = this.context.getEnvironment().getRequiredProperty("local.server.port");
		return HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator" + path));
	}

	private Response send(HttpRequest.Builder request) {
		try {
			HttpResponse<String> response = this.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
			return new Response(response.statusCode(), response.body());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public List<AuditEvent> audited() {
		return this.context.getBean(AuditEventRepository.class)
			.find(null, null, null)
			.stream()
			.filter((event) -> event.getType().startsWith("DATABASE_"))
			.toList();
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * A response.
	 *
	 * @param status the status code
	 * @param body the body
	 */
	public record Response(int status, String body) {

		/**
		 * Returns the value at a path of the body.
		 * @return the value or {@code null} if there is none
		 */
		public Object at(String path) {
			return JsonPath.using(LENIENT).parse(this.body).read(path.isEmpty() ? "$" : "$." + path);
		}

	}

	@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		AuditEventRepository auditEventRepository() {
			return new InMemoryAuditEventRepository();
		}

	}

}
