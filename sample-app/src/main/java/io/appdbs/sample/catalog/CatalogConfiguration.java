package io.appdbs.sample.catalog;

import java.util.List;

import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Adds the first products to an empty database {@code catalog}.
 */
@Configuration(proxyBeanMethods = false)
class CatalogConfiguration {

	@Bean
	ApplicationRunner firstProducts(ProductRepository products) {
		return (arguments) -> {
			if (products.count() == 0) {
				products.saveAll(List.of(new Product("espresso-cup", "Espresso cup", 1250),
						new Product("moka-pot", "Moka pot for three cups", 3490),
						new Product("coffee-beans", "Coffee beans, 1 kg", 2200)));
			}
		};
	}

}
