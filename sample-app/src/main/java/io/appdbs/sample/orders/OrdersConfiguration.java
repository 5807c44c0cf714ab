package io.appdbs.sample.orders;

import javax.sql.DataSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.DataSourceInitializer;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

@Configuration(proxyBeanMethods = false)
class OrdersConfiguration {

	@Bean
	DataSourceInitializer ordersSchema(@Qualifier("orders") DataSource dataSource) {
		DataSourceInitializer initializer = new DataSourceInitializer();
		initializer.setDataSource(dataSource);
		initializer.setDatabasePopulator(
				new ResourceDatabasePopulator(new ClassPathResource("db/migration/orders/V1__create_orders.sql")));
		return initializer;
	}

}
