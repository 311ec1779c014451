"""Histories of another helpdesk become tickets of ours, with the times they had there."""
