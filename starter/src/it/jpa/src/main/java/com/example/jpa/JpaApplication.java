package com.example.jpa;

import com.example.jpa.orders.PurchaseOrder;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

/**
 * Boot's own entity manager factory on the primary database, and one by hand on the
 * other.
 */
@SpringBootApplication
@EntityScan(basePackageClasses = PurchaseOrder.class)
@EnableJpaRepositories(basePackageClasses = PurchaseOrder.class)
public class JpaApplication {

	public static void main(String[] args) {
		SpringApplication.run(JpaApplication.class, args);
	}

}
