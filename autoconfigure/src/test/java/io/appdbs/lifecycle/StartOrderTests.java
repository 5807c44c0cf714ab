package io.appdbs.lifecycle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import javax.sql.DataSource;

import io.appdbs.DatabaseState;
import io.appdbs.DatabaseStateChangedEvent;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the order in which beans are created does not matter while databases are
 * being opened.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartOrderTests {

	private static final int STARTS = 100;

	private static final List<String> NAMES = List.of("orders", "audit", "billing", "pricing", "stock");

	@Test
	void theApplicationStartsIndependentlyOfTheOrderOfBeans() {
		Random random = new Random(42);
		for (int start = 0; start < STARTS; start++) {
			List<String> order = new ArrayList<>(NAMES);
			Collections.shuffle(order, random);
			start(start, order);
		}
	}

	private void start(int start, List<String> order) {
		List<String> up = Collections.synchronizedList(new ArrayList<>());
		ApplicationListener<DatabaseStateChangedEvent> listener = (event) -> {
			if (event.getTo() == DatabaseState.UP) {
				up.add(event.getDatabase().getName());
			}
		};
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withBean("listener", ApplicationListener.class, () -> listener);
		for (String name : order) {
			runner = runner.withPropertyValues("app.dbs.%s.url=jdbc:h2:mem:%s-%d".formatted(name, name, start))
				.withInitializer((context) -> registerConsumer((ConfigurableApplicationContext) context, name));
		}
		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Databases.class))
				.allMatch((database) -> database.getState() == DatabaseState.UP);
			assertThat(context.getBeansOfType(Consumer.class).values()).hasSize(NAMES.size())
				.allMatch((consumer) -> consumer.answer() == 1);
			assertThat(up).containsExactlyInAnyOrderElementsOf(NAMES);
		});
	}

	/**
	 * A bean that uses its database while it is being created.
	 */
	private static void registerConsumer(ConfigurableApplicationContext context, String name) {
		((GenericApplicationContext) context)
			.registerBean(name + "Consumer", Consumer.class, () -> new Consumer(new JdbcTemplate(
					BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), DataSource.class, name))));
	}

	/**
	 * Asks its database at once.
	 */
	static final class Consumer {

		private final int answer;

		Consumer(JdbcTemplate template) {
			this.answer = template.queryForObject("select 1", Integer.class);
		}

		int answer() {
			return this.answer;
		}

	}

}
