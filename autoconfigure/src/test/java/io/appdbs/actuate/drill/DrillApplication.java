package io.appdbs.actuate.drill;

import java.util.concurrent.atomic.AtomicReference;

import io.appdbs.testsupport.ActuatorSecurity;
import org.bson.Document;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application whose requests use one database each.
 */
@Configuration(proxyBeanMethods = false)
@Import(ActuatorSecurity.Servlet.class)
class DrillApplication {

	/** Changes the account between the statements of a transaction, if any. */
	static final AtomicReference<Runnable> CONFLICT = new AtomicReference<>(() -> {
	});

	/**
	 * The requests.
	 */
	@RestController
	static class Requests {

		private final BeanFactory beans;

		Requests(BeanFactory beans) {
			this.beans = beans;
		}

		@GetMapping("/catalog")
		String catalog() {
			return this.beans.getBean("catalogMongoTemplate", MongoTemplate.class)
				.executeCommand(new Document("ping", 1))
				.toJson();
		}

		@GetMapping("/payments")
		Integer payments() {
			JdbcTemplate payments = this.beans.getBean("paymentsJdbcTemplate", JdbcTemplate.class);
			return this.beans.getBean("paymentsTransactionTemplate", TransactionTemplate.class).execute((status) -> {
				payments.execute("set transaction isolation level repeatable read");
				Integer balance = payments.queryForObject("select balance from account", Integer.class);
				CONFLICT.get().run();
				payments.update("update account set balance = ?", balance);
				return balance;
			});
		}

		@ExceptionHandler
		@ResponseStatus(HttpStatus.CONFLICT)
		String conflict(ConcurrencyFailureException ex) {
			return "Try again";
		}

		@GetMapping("/{database}")
		Integer any(@PathVariable String database) {
			return this.beans.getBean(database + "JdbcTemplate", JdbcTemplate.class)
				.queryForObject("select 1", Integer.class);
		}

	}

}
