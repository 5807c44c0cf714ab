package howto;

import com.example.outage.OutageApplication;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class OutageTests {

	@Test
	void requestsAreAnsweredWith503WhileTheDatabaseIsDown(CapturedOutput output) throws Exception {
		try (Section section = new Section("answer-503-while-a-database-is-down");
				Proxy postgres = new Proxy(Server.address());
				Proxy mongo = new Proxy(Server.documentsAddress())) {
			Server.create("outage");
			ApplicationContext context = section.run(OutageApplication.class,
					"--ORDERS_URL=postgresql://postgres@" + postgres.address() + "/outage",
					"--CATALOG_URL=mongodb://" + mongo.address() + "/outage");
			assertThat(Http.get(context, "/orders").statusCode()).isEqualTo(200);
			assertThat(Http.get(context, "/products").body()).isEqualTo("0");
			postgres.close();
			mongo.close();
			for (String path : new String[] { "/orders", "/products" }) {
				Awaitility.await().until(() -> Http.get(context, path).statusCode() == 503);
				assertThat(Http.print(Http.get(context, path), "Retry-After", "Content-Type"))
					.isEqualTo(section.block("503").replace("/orders", path));
			}
		}
	}

}
