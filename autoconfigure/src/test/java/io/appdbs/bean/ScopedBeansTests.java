package io.appdbs.bean;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.Scope;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for scoped beans of the application that are replaced at runtime, as with
 * {@code @RefreshScope}.
 */
class ScopedBeansTests {

	private final RefreshableScope scope = new RefreshableScope();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withInitializer((context) -> context.getBeanFactory().registerScope("refresh", this.scope))
		.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:scoped-orders",
				"app.dbs.audit.url=jdbc:h2:mem:scoped-audit", "app.dbs.audit.primary=true");

	@ParameterizedTest
	@ValueSource(classes = { ProxiedClass.class, ProxiedInterface.class })
	void aDataSourceOfTheApplicationIsUsedThroughItsProxy(Class<?> configuration) {
		this.runner.withUserConfiguration(configuration).run((context) -> {
			assertThat(context).hasNotFailed();
			Orders orders = context.getBean(Orders.class);
			assertThat(AopUtils.isAopProxy(orders.dataSource())).isTrue();
			assertThat(orders.databases()).containsOnly("SCOPED-1");
			this.scope.refresh();
			assertThat(orders.databases()).containsOnly("SCOPED-2");
		});
	}

	@Test
	void aProviderOfCredentialsIsUsedThroughItsProxy() {
		this.runner.withUserConfiguration(ProxiedCredentials.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(userOf(context.getBean("ordersJdbcClient", JdbcClient.class))).isEqualTo("SCOPED");
			assertThat(userOf(context.getBean("auditJdbcClient", JdbcClient.class))).isEmpty();
		});
	}

	private static String userOf(JdbcClient client) {
		return client.sql("SELECT CURRENT_USER").query(String.class).single();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Orders orders(@Qualifier("orders") DataSource dataSource, @Qualifier("orders") JdbcTemplate template,
				@Qualifier("orders") JdbcClient client, @Qualifier("orders") TransactionTemplate transactions) {
			return new Orders(dataSource, template, client, transactions);
		}

	}

	record Orders(DataSource dataSource, JdbcTemplate template, JdbcClient client, TransactionTemplate transactions) {

		/**
		 * Returns the database of each bean.
		 */
		List<String> databases() {
			String sql = "SELECT DATABASE()";
			return Stream
				.of(this.template.queryForObject(sql, String.class), this.client.sql(sql).query(String.class).single(),
						this.transactions.execute((status) -> this.template.queryForObject(sql, String.class)))
				.toList();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ProxiedClass {

		private static final AtomicInteger number = new AtomicInteger();

		@Bean
		@Qualifier("orders")
		@org.springframework.context.annotation.Scope(value = "refresh", proxyMode = ScopedProxyMode.TARGET_CLASS)
		DriverManagerDataSource mine() {
			return new DriverManagerDataSource("jdbc:h2:mem:scoped-" + number.incrementAndGet());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ProxiedInterface {

		private static final AtomicInteger number = new AtomicInteger();

		@Bean
		@Qualifier("orders")
		@org.springframework.context.annotation.Scope(value = "refresh", proxyMode = ScopedProxyMode.INTERFACES)
		DataSource mine() {
			return new SimpleDriverDataSource(new org.h2.Driver(), "jdbc:h2:mem:scoped-" + number.incrementAndGet());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ProxiedCredentials {

		@Bean
		@Qualifier("orders")
		@org.springframework.context.annotation.Scope(value = "refresh", proxyMode = ScopedProxyMode.INTERFACES)
		DatabaseCredentialsProvider credentials() {
			return (database) -> new DatabaseCredentials("scoped", "secret");
		}

	}

	/**
	 * Creates new beans after each refresh.
	 */
	private static final class RefreshableScope implements Scope {

		private final Map<String, Object> beans = new LinkedHashMap<>();

		void refresh() {
			this.beans.clear();
		}

		@Override
		public Object get(String name, ObjectFactory<?> factory) {
			return this.beans.computeIfAbsent(name, (key) -> factory.getObject());
		}

		@Override
		public Object remove(String name) {
			return this.beans.remove(name);
		}

		@Override
		public void registerDestructionCallback(String name, Runnable callback) {
		}

	}

}
