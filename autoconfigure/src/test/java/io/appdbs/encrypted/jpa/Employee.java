package io.appdbs.encrypted.jpa;

import io.appdbs.encryption.Encrypted;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/**
 * Entity of JPA.
 */
@Entity
public class Employee {

	@Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	private @Nullable Long id;

	@NotNull
	private @Nullable String name;

	private @Nullable Encrypted salary;

	protected Employee() {
	}

	public Employee(@Nullable String name, @Nullable Encrypted salary) {
		this.name = name;
		this.salary = salary;
	}

	public @Nullable Long getId() {
		return this.id;
	}

	public @Nullable String getName() {
		return this.name;
	}

	public void setName(String name) {
		this.name = name;
	}

	public @Nullable Encrypted getSalary() {
		return this.salary;
	}

	public void setSalary(@Nullable Encrypted salary) {
		this.salary = salary;
	}

	@Override
	public String toString() {
		return "Employee[name=" + this.name + ", salary=" + this.salary + "]";
	}

}
