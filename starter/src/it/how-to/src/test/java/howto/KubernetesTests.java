package howto;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.example.kubernetes.KubernetesApplication;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
@SuppressWarnings("unchecked")
class KubernetesTests {

	private final Section section = new Section("run-on-kubernetes");

	private final Map<String, Object> container = ((List<Map<String, Object>>) get(
			new Yaml().load(this.section.read("deployment.yaml")), "spec", "template", "spec")
		.get("containers")).get(0);

	@TempDir
	private Path secrets;

	@BeforeAll
	static void createDatabases() {
		Server.createRole("shop", "CONNECTION LIMIT 8");
		Server.create("k8s_orders");
		Server.create("k8s_archive");
	}

	@AfterEach
	void close() {
		this.section.close();
	}

	@Test
	void probesFollowTheDatabases() throws Exception {
		writeSecrets();
		try (Proxy orders = new Proxy(Server.address()); Proxy archive = new Proxy(Server.address())) {
			ApplicationContext context = this.section.run(KubernetesApplication.class, "--SECRETS=" + this.secrets,
					"--ORDERS_URL=postgresql://" + orders.address() + "/k8s_orders",
					"--ARCHIVE_URL=postgresql://" + archive.address() + "/k8s_archive");
			assertThat(List.of(probe(context, "startupProbe"), probe(context, "livenessProbe"),
					probe(context, "readinessProbe")))
				.containsExactly(200, 200, 200);
			archive.close();
			Databases databases = context.getBean(Databases.class);
			Awaitility.await().until(() -> databases.get("archive").getState() == DatabaseState.DOWN);
			assertThat(probe(context, "readinessProbe")).isEqualTo(200);
			orders.close();
			Awaitility.await().until(() -> probe(context, "readinessProbe") == 503);
			assertThat(probe(context, "livenessProbe")).isEqualTo(200);
		}
	}

	@Test
	void connectionLimitIsReported(CapturedOutput output) throws Exception {
		writeSecrets();
		this.section.run(KubernetesApplication.class, "--SECRETS=" + this.secrets,
				"--ORDERS_URL=postgresql://" + Server.address() + "/k8s_orders",
				"--ARCHIVE_URL=postgresql://" + Server.address() + "/k8s_archive");
		assertThat(output).contains(this.section.block("limit").strip().replace("localhost:5432", Server.address()));
	}

	private void writeSecrets() throws Exception {
		for (Map<String, Object> mount : (List<Map<String, Object>>) this.container.get("volumeMounts")) {
			Path folder = this.secrets
				.resolve(Path.of("/etc/secrets").relativize(Path.of((String) mount.get("mountPath"))));
			Files.createDirectories(folder);
			Files.writeString(folder.resolve("username"), "shop");
			Files.writeString(folder.resolve("password"), "secret");
		}
	}

	private int probe(ApplicationContext context, String name) {
		Map<String, Object> request = get(this.container, name, "httpGet");
		assertThat(request).containsEntry("port", "http");
		return Http.get(context, (String) request.get("path")).statusCode();
	}

	@Test
	void startupProbeAllowsMoreThanTheTimeoutOfTheStart() {
		Map<String, Object> probe = get(this.container, "startupProbe");
		int seconds = (int) probe.get("periodSeconds") * (int) probe.get("failureThreshold");
		assertThat(seconds).isEqualTo(180);
		assertThat(this.section.read("application.yml")).contains("timeout: 60s");
	}

	private static Map<String, Object> get(Map<String, Object> map, String... keys) {
		Map<String, Object> result = map;
		for (String key : keys) {
			result = (Map<String, Object>) result.get(key);
		}
		return result;
	}

}
