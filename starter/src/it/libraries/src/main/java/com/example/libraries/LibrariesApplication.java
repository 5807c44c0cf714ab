package com.example.libraries;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class LibrariesApplication {

	public static void main(String[] args) {
		SpringApplication.run(LibrariesApplication.class, args);
	}

}
