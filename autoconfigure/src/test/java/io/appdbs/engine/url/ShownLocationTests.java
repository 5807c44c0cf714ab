package io.appdbs.engine.url;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ShownLocation}.
 */
class ShownLocationTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			https://svc:s3cr3t@cfg/k.json             | https://***@cfg/k.json
			https://s3cr3t@cfg:8443/k.json            | https://***@cfg:8443/k.json
			https://cfg/k.json?sig=s3cr3t&expires=1   | https://cfg/k.json?***
			https://cfg/k.json#s3cr3t                 | https://cfg/k.json#***
			https://svc:s3cr3t@cfg/k.json?sig=s3cr3t  | https://***@cfg/k.json?***
			https://svc:s3c@r3t@cfg/k.json            | https://***@cfg/k.json
			https://svc:s3/cr3t@cfg/k.json            | https://***
			https://svc:s3?cr3t@cfg/k.json            | https://***
			https://cfg/k.json?user=a@b&sig=s3cr3t    | https://***
			optional:https://svc:s3cr3t@cfg/k.sql     | optional:https://***@cfg/k.sql
			jar:https://svc:s3cr3t@cfg/k.jar!/k.json  | jar:https://***@cfg/k.jar!/k.json
			https:/svc:s3cr3t@cfg/k.json              | https:/***@cfg/k.json
			//svc:s3cr3t@cfg/k.json                   | //***@cfg/k.json
			file://svc:s3cr3t@cfg/k.json              | file://***@cfg/k.json
			vault:orders?token=s3cr3t                 | vault:orders?***
			https://cfg/k.json                        | https://cfg/k.json
			file:/secrets/a@b/k?.json                 | file:/secrets/a@b/k?.json
			file:///secrets/k.json                    | file:///secrets/k.json
			classpath*:db/init/orders/?.sql           | classpath*:db/init/orders/?.sql
			optional:classpath:a#b.sql                | optional:classpath:a#b.sql
			/secrets/a@b/k.json                       | /secrets/a@b/k.json
			/secrets/a:b@c/k?.json                    | /secrets/a:b@c/k?.json
			C:\\secrets\\a@b.json                     | C:\\secrets\\a@b.json
			""")
	void aLocationIsShownWithoutSecrets(String location, String shown) {
		assertThat(ShownLocation.of(location)).isEqualTo(shown).doesNotContain("s3");
	}

	@Test
	void theCauseIsKeptIfTheLocationHasNoSecrets() {
		IOException cause = new IOException("https://svc:s3cr3t@cfg/k.json");
		assertThat(ShownLocation.cause("https://svc:s3cr3t@cfg/k.json", cause)).isNull();
		assertThat(ShownLocation.cause("https://cfg/k.json", cause)).isSameAs(cause);
	}

}
