package io.appdbs.test;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

import io.appdbs.embedded.EmbeddedServers;
import org.junit.jupiter.api.Test;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.support.AnnotationConfigContextLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SharedServersContextCustomizerFactory}.
 */
class SharedServersContextCustomizerFactoryTests {

	private final ContextCustomizerFactory factory = new SharedServersContextCustomizerFactory();

	@Test
	void contextsShareTheServerButNotTheDatabase() throws SQLException {
		try (GenericApplicationContext context = context(); GenericApplicationContext other = context()) {
			String url = url(context);
			assertThat(url(context)).isEqualTo(url);
			assertThat(url(other)).isNotEqualTo(url).startsWith(url.substring(0, url.indexOf("-customized")));
			DriverManager.getConnection(url).close();
			context.close();
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(url.replace(";DB_CLOSE_DELAY=-1", "") + ";IFEXISTS=TRUE"))
				.withMessageContaining("not found");
			DriverManager.getConnection(url(other) + ";IFEXISTS=TRUE").close();
		}
	}

	@Test
	void aBeanOfThatNameIsKept() {
		try (GenericApplicationContext context = new GenericApplicationContext();
				EmbeddedServers own = new EmbeddedServers(null)) {
			context.registerBean(EmbeddedServers.BEAN_NAME, EmbeddedServers.class, () -> own);
			customize(context);
			context.refresh();
			assertThat(context.getBean(EmbeddedServers.class)).isSameAs(own);
		}
	}

	@Test
	void itDoesNotDistinguishContexts() {
		assertThat(this.factory.createContextCustomizer(getClass(), List.of()))
			.isEqualTo(this.factory.createContextCustomizer(String.class, List.of()))
			.hasSameHashCodeAs(this.factory.createContextCustomizer(String.class, List.of()));
	}

	private GenericApplicationContext context() {
		GenericApplicationContext context = new GenericApplicationContext();
		customize(context);
		context.refresh();
		return context;
	}

	private void customize(GenericApplicationContext context) {
		ContextCustomizer customizer = this.factory.createContextCustomizer(getClass(), List.of());
		assertThat(customizer).isNotNull();
		customizer.customizeContext(context, new MergedContextConfiguration(getClass(), new String[0], new Class<?>[0],
				new String[0], new AnnotationConfigContextLoader()));
	}

	private static String url(GenericApplicationContext context) {
		return context.getBean(EmbeddedServers.class).getUrl("embedded:h2", "customized");
	}

}
