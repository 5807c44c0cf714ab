package io.appdbs.bean.jpa;

import jakarta.persistence.EntityManagerFactory;
import org.hibernate.engine.jdbc.spi.SqlExceptionHelper;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.exception.spi.SQLExceptionConverter;

import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;

/**
 * {@link HibernateJpaVendorAdapter} for one database: exceptions of Hibernate name it.
 */
final class NamedHibernateJpaVendorAdapter extends HibernateJpaVendorAdapter {

	private final NamedHibernateJpaDialect dialect;

	NamedHibernateJpaVendorAdapter(NamedHibernateJpaDialect dialect) {
		this.dialect = dialect;
	}

	@Override
	public NamedHibernateJpaDialect getJpaDialect() {
		return this.dialect;
	}

	@Override
	public void postProcessEntityManagerFactory(EntityManagerFactory factory) {
		super.postProcessEntityManagerFactory(factory);
		SqlExceptionHelper helper = factory.unwrap(SessionFactoryImplementor.class)
			.getJdbcServices()
			.getSqlExceptionHelper();
		SQLExceptionConverter converter = helper.getSqlExceptionConverter();
		NamedHibernateJpaDialect dialect = this.dialect;
		helper.setSqlExceptionConverter(
				(failure, message, sql) -> converter.convert(failure, dialect.name(message), sql));
	}

}
