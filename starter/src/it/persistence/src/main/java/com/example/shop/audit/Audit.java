package com.example.shop.audit;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
public class Audit {

	private final AuditEntryRepository repository;

	Audit(AuditEntryRepository repository) {
		this.repository = repository;
	}

	@Transactional("audit")
	public void record(String message, boolean fail) {
		this.repository.save(new AuditEntry(message));
		if (fail) {
			throw new IllegalStateException("The entry is rolled back");
		}
	}

}
