package com.example.tenants;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import com.example.tenants.invoice.Invoice;
import com.example.tenants.invoice.InvoiceRepository;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
public class InvoiceService {

	private final InvoiceRepository invoices;

	private final JdbcClient client;

	InvoiceService(InvoiceRepository invoices, @Qualifier("tenants") JdbcClient client) {
		this.invoices = invoices;
		this.client = client;
	}

	@Transactional("tenants")
	public void book(String customer) {
		this.invoices.save(new Invoice(null, customer));
	}

	@Transactional("tenants")
	public void bookAndFail(String customer) {
		this.invoices.save(new Invoice(null, customer));
		throw new IllegalStateException("rolled back");
	}

	@Async
	public CompletableFuture<List<String>> findCustomersLater() {
		return CompletableFuture.completedFuture(findCustomers());
	}

	public List<String> findCustomers() {
		return this.client.sql("SELECT \"CUSTOMER\" FROM \"invoice\"").query(String.class).list();
	}

}
