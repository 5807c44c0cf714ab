package io.appdbs.bean.aggregate;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.data.jdbc.core.JdbcAggregateOperations;
import org.springframework.data.jdbc.core.convert.QueryMappingConfiguration;
import org.springframework.data.jdbc.core.dialect.JdbcDialect;
import org.springframework.data.jdbc.repository.aot.JdbcRepositoryContributor;
import org.springframework.data.jdbc.repository.query.RowMapperFactory;
import org.springframework.data.jdbc.repository.support.BeanFactoryAwareRowMapperFactory;
import org.springframework.data.relational.core.mapping.RelationalMappingContext;
import org.springframework.data.repository.aot.generate.AotRepositoryConstructorBuilder;
import org.springframework.data.repository.aot.generate.AotRepositoryConstructorBuilder.FragmentParameterContext;
import org.springframework.data.repository.aot.generate.AotRepositoryConstructorBuilder.ParameterOrigin;
import org.springframework.data.repository.config.AotRepositoryContext;
import org.springframework.data.repository.core.support.RepositoryFactoryBeanSupport.FragmentCreationContext;
import org.springframework.javapoet.CodeBlock;

/**
 * Generates the queries of a repository. The superclass would take the row mappers of the
 * only database that has some.
 */
final class AggregateRepositoryContributor extends JdbcRepositoryContributor {

	private final AotRepositoryContext context;

	private final @Nullable String queryMapping;

	/**
	 * Creates a new {@link AggregateRepositoryContributor}.
	 * @param queryMapping the name of the bean with the row mappers of the database
	 */
	AggregateRepositoryContributor(AotRepositoryContext context, JdbcDialect dialect,
			RelationalMappingContext mappingContext, @Nullable String queryMapping) {
		super(context, dialect, mappingContext);
		this.context = context;
		this.queryMapping = queryMapping;
	}

	@Override
	protected void customizeConstructor(AotRepositoryConstructorBuilder builder) {
		String template = this.context.getConfigurationSource()
			.getRequiredAttribute("jdbcAggregateOperationsRef", String.class);
		builder.addParameter("operations", JdbcAggregateOperations.class,
				(parameter) -> parameter.origin(new RuntimeBeanReference(template, JdbcAggregateOperations.class)));
		builder.addParameter("rowMapperFactory", RowMapperFactory.class,
				(parameter) -> parameter.origin(this::createRowMapperFactory));
		builder.addParameter("context", FragmentCreationContext.class, false);
	}

	private ParameterOrigin createRowMapperFactory(FragmentParameterContext parameters) {
		String variable = parameters.localVariable("rowMapperFactory");
		CodeBlock mapping = (this.queryMapping != null) ? CodeBlock.of("$L.getBean($S, $T.class)",
				parameters.beanFactory(), this.queryMapping, QueryMappingConfiguration.class)
				: CodeBlock.of("$T.EMPTY", QueryMappingConfiguration.class);
		return ParameterOrigin.of(variable,
				CodeBlock.builder()
					.addStatement("$1T $2L = new $1T($3L, $4L, $5L)", BeanFactoryAwareRowMapperFactory.class, variable,
							parameters.beanFactory(), parameters.localVariable("operations"), mapping)
					.build());
	}

}
