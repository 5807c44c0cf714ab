package howto;

import java.nio.file.Files;
import java.nio.file.Path;

import com.example.tokens.CountedTokens;
import com.example.tokens.TokensApplication;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

class TokenTests {

	@Test
	void tokenIsThePasswordOfTheLogin() throws Exception {
		Server.createRole("orders_app", "PASSWORD 'token-1'");
		Server.create("tokens");
		Path file = Path.of(Server.jdbc().sql("SHOW hba_file").query(String.class).single());
		Files.writeString(file, "host tokens orders_app all scram-sha-256\n" + Files.readString(file));
		Server.jdbc().sql("SELECT pg_reload_conf()").query().singleValue();
		try (Section section = new Section("log-in-with-tokens-of-a-cloud")) {
			JdbcClient orders = section
				.run(TokensApplication.class, "--ORDERS_URL=postgresql://" + Server.address() + "/tokens",
						"--spring.main.web-application-type=none")
				.getBean(JdbcClient.class);
			assertThat(orders.sql("SELECT system_user").query(String.class).single())
				.isEqualTo("scram-sha-256:orders_app");
			assertThat(CountedTokens.getRequests()).containsExactly("orders_app@" + Server.address());
		}
	}

}
