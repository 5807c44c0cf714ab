package io.appdbs.bean.jpa;

import io.appdbs.engine.Causes;
import io.appdbs.jdbc.NamedSqlExceptionTranslator;
import org.hibernate.JDBCException;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.orm.jpa.vendor.HibernateJpaDialect;

/**
 * {@link HibernateJpaDialect} that translates only the exceptions of one database. Spring
 * asks all persistence units for the translation of an exception, and the first one
 * answers for all of them.
 */
@SuppressWarnings("serial")
final class NamedHibernateJpaDialect extends HibernateJpaDialect {

	private final String database;

	private final String prefix;

	private final transient SQLExceptionTranslator translator;

	/**
	 * Creates a new {@link NamedHibernateJpaDialect}.
	 * @param database the name of the database
	 * @param translator translates the exceptions of the database, and names it
	 */
	NamedHibernateJpaDialect(String database, SQLExceptionTranslator translator) {
		this(database, translator, false);
	}

	private NamedHibernateJpaDialect(String database, SQLExceptionTranslator translator, boolean own) {
		this.database = database;
		this.prefix = NamedSqlExceptionTranslator.name(database, "");
		this.translator = translator;
		SQLExceptionTranslator unnamed = new SQLExceptionSubclassTranslator();
		setJdbcExceptionTranslator((task, sql, failure) -> {
			boolean named = own || task.contains(this.prefix);
			return (named ? translator : unnamed).translate(task.replace(this.prefix, ""), sql, failure);
		});
	}

	/**
	 * Returns a dialect for a transaction manager, which translates only exceptions of
	 * the database, including those that do not name it.
	 */
	NamedHibernateJpaDialect forTransactions() {
		return new NamedHibernateJpaDialect(this.database, this.translator, true);
	}

	/**
	 * Returns the message of an exception of Hibernate with the name of the database.
	 */
	String name(String message) {
		return this.prefix + message;
	}

	@Override
	public @Nullable DataAccessException translateExceptionIfPossible(RuntimeException ex) {
		JDBCException failure = Causes.find(JDBCException.class, ex);
		boolean foreign = failure != null && !String.valueOf(failure.getMessage()).startsWith(this.prefix);
		return foreign ? null : super.translateExceptionIfPossible(ex);
	}

}
