package io.appdbs.sample.inventory;

import javax.sql.DataSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.DataSourceInitializer;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

@Configuration(proxyBeanMethods = false)
class InventoryConfiguration {

	@Bean
	DataSourceInitializer inventorySchema(@Qualifier("inventory") DataSource dataSource) {
		DataSourceInitializer initializer = new DataSourceInitializer();
		initializer.setDataSource(dataSource);
		initializer.setDatabasePopulator(
				new ResourceDatabasePopulator(new ClassPathResource("db/migration/inventory/V1__create_stock.sql"),
						new ClassPathResource("db/migration/inventory/V2__add_first_stock.sql")));
		return initializer;
	}

}
