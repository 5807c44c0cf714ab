package io.appdbs.testcontainers;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InjectedNames}.
 */
class InjectedNamesTests {

	@Test
	void whenAClassInjectsANameThenItIsUsed() {
		DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();
		beanFactory.registerBeanDefinition("repository", new RootBeanDefinition(Repository.class));
		assertThat(InjectedNames.find(beanFactory, null)).containsExactlyInAnyOrder("constructor", "parameter",
				"service", "method", "inherited");
		assertThat(InjectedNames.find(beanFactory, TestClass.class)).contains("field", "constructor");
	}

	static class Base {

		@Qualifier("inherited")
		private JdbcClient client;

	}

	@Transactional("service")
	static class Repository extends Base {

		Repository(@Qualifier("constructor") JdbcClient client) {
		}

		void configure(@Qualifier("parameter") JdbcClient client) {
		}

		@Transactional(transactionManager = "method")
		void write() {
		}

		@Transactional
		void read() {
		}

	}

	static class TestClass {

		@Qualifier("field")
		private JdbcClient client;

	}

}
